import { toolEnvironment } from "../../toolchain/environment.ts";
import type { Line } from "../../model/report/tone.ts";
import * as declared from "../declaration/project.ts";
import { checkMachine } from "../doctor/machine.ts";
import { checkProject, type StackOfProject } from "../doctor/project.ts";
import { checkServers } from "../doctor/servers.ts";
import { checkState } from "../doctor/state.ts";
import { exitCodes } from "../exit-code.ts";
import { countMissing, findingLine, type Finding } from "../finding.ts";
import { print } from "../output.ts";
import { shortStackName } from "../stack/stack-name.ts";
import { command, type Answer, type Call } from "./command.ts";

/** `slipway doctor`: says what this machine, the project, and the servers of a stack lack. */
export const doctor = command(declared.doctor, examine);

/** The findings of each part. */
type Examined = Readonly<Record<"machine" | "project" | "state" | "servers", readonly Finding[]>>;

async function examine(call: Call): Promise<Answer> {
  const machine = await checkMachine(call);
  try {
    const project = await checkProject(call.folder, call.environment);
    const environment = toolEnvironment(machine.keys?.environment ?? call.environment);
    const names = project.stacks.map(({ name }) => name);
    const state =
      project.files === undefined || !machine.hasTools
        ? [unknown("state backend", "was not asked, since Pulumi or the project is not there")]
        : await checkState({ ...call, environment }, names);
    const stack = chosen(call, project.stacks);
    const servers = "thing" in stack ? [stack] : await serversOf(stack, machine.keys?.environment);
    return answer({ machine: machine.findings, project: project.findings, state, servers });
  } finally {
    await machine.keys?.close();
  }
}

/** The stack whose servers are checked: the named one, or the only one. */
function chosen({ stack }: Call, stacks: readonly StackOfProject[]): StackOfProject | Finding {
  const [first, ...others] = stacks;
  const named = stack === undefined ? undefined : shortStackName(stack);
  const found = named === undefined && others.length === 0 ? first : stacks.find(({ name }) => name === named);
  if (found !== undefined) return found;
  const names = stacks.map(({ name }) => name).join(", ");
  if (named !== undefined)
    return { ...unknown("servers", `there is no stack '${named}'`), state: "missing", todo: `use one of ${names}` };
  return {
    ...unknown("servers", "were not asked"),
    todo: names === "" ? "make a stack first" : `name one of ${names} with --stack`,
  };
}

async function serversOf(
  stack: StackOfProject,
  environment: NodeJS.ProcessEnv | undefined,
): Promise<readonly Finding[]> {
  if (environment !== undefined) return await checkServers(stack, environment);
  return [unknown(`servers of ${stack.name}`, "were not asked, since there is no key that opens them")];
}

function unknown(thing: string, said: string): Finding {
  return { state: "unknown", thing, said };
}

function answer(examined: Examined): Answer {
  const count = countMissing(Object.values(examined).flat());
  const lines = Object.entries(examined).flatMap(([part, findings]): readonly Line[] => [
    [{ tone: "heading", text: part }],
    ...findings.map(findingLine),
    "",
  ]);
  const summary = count === 0 ? "nothing is missing" : `${count} ${count === 1 ? "thing is" : "things are"} missing`;
  const exitCode = count === 0 ? exitCodes.done : exitCodes.refused;
  const show = (): void => [...lines, summary].forEach((line) => print(line));
  return { exitCode, json: { exitCode, ...examined }, show };
}
