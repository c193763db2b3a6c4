import { z } from "zod";
import { parseJson } from "../../model/json.ts";
import { UserError } from "../../model/problem.ts";
import type { Call } from "../commands/command.ts";
import { missing, type Finding } from "../finding.ts";
import { missingKeys } from "../gitlab/keys.ts";
import { backendUrl, mustAskPulumi, withoutPassword } from "../pulumi.ts";
import { stateFolder, statePlace } from "../state/folder.ts";
import { requireIntactState } from "../state/intact-state.ts";
import { shortStackName } from "../stack/stack-name.ts";

const stacksSchema = z.array(z.object({ name: z.string() }));

/** Checks the backend that keeps the state, and the states of a project's stacks. */
export async function checkState(call: Call, stacks: readonly string[]): Promise<readonly Finding[]> {
  try {
    const url = await backendUrl(call);
    const said = parseJson(await mustAskPulumi(call, ["stack", "ls", "--json"]));
    const made = stacksSchema.parse(said).map(({ name }) => shortStackName(name));
    const findings = await Promise.all(stacks.map((stack) => stateFinding(call, stack, made.includes(stack))));
    const locked = stacks.flatMap((stack) => passphraseFindings(call, stack));
    return [{ state: "ok", thing: "state backend", said: `${withoutPassword(url)} answers` }, ...findings, ...locked];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map((problem) => missing({ ...problem, path: `state backend: ${problem.path}` }));
  }
}

/** Without its passphrase a stack's encrypted configuration opens no plan. */
function passphraseFindings(call: Call, stack: string): readonly Finding[] {
  const thing = "PULUMI_CONFIG_PASSPHRASE";
  if (!missingKeys(call, stack).includes(thing)) return [];
  const said = `is not set, and configuration of ${stack} is encrypted with it`;
  return [{ state: "missing", thing, said, todo: "set it, or PULUMI_CONFIG_PASSPHRASE_FILE" }];
}

async function stateFinding(call: Call, stack: string, made: boolean): Promise<Finding> {
  const thing = `state of ${stack}`;
  if (!made) {
    const todo = `make it with \`slipway init --stack ${stack}\``;
    return { state: "missing", thing, said: "the backend has no such stack", todo };
  }
  const place = await statePlace(call);
  if (place === undefined) return { state: "ok", thing, said: "is there" };
  try {
    requireIntactState(stateFolder(place, stack));
    return { state: "ok", thing, said: "is there, and intact" };
  } catch (error) {
    const [problem] = error instanceof UserError ? error.problems : [];
    if (problem === undefined) throw error;
    return missing(problem);
  }
}
