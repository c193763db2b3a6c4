import { clockWarning } from "../../model/facts/clock.ts";
import type { Observation } from "../../model/facts/observation.ts";
import { UserError } from "../../model/problem.ts";
import { planOffline } from "../../model/report/offline-plan.ts";
import { observationScope } from "../../model/stack/observation-scope.ts";
import type { StackHost } from "../../model/stack/stack.ts";
import { plainVariables } from "../../config/variables/stack-variables.ts";
import type { ReadStack } from "../../config/assemble.ts";
import { missing, type Finding } from "../finding.ts";
import { checkServer } from "../server-check.ts";
import type { StackOfProject } from "./project.ts";

const gigabyte = 1024 * 1024 * 1024;

/** Checks the servers of a stack, and everything there that would forbid its deployment. */
export async function checkServers(stack: StackOfProject, environment: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const { read } = stack;
  const obstacle = obstacleOf(stack);
  if (read?.read === undefined || obstacle !== undefined)
    return [{ state: "unknown", thing: `servers of ${stack.name}`, said: obstacle ?? "its files cannot be read" }];
  const { stack: model } = read.read;
  const checked = await Promise.all(
    Object.values(model.hosts).map(async (host) => {
      const scope = observationScope(model, host);
      const server = { connection: host.connection, stack: model.name, scope, environment };
      return { host, ...(await checkServer(server)) };
    }),
  );
  const findings = checked.flatMap(({ host, findings: found, observation }) => {
    const own = observation === undefined ? [] : serverFindings(observation);
    return [...found, ...own].map((finding) => ({ ...finding, thing: `${host.name}: ${finding.thing}` }));
  });
  const seen = checked.flatMap(({ host, observation }) =>
    observation === undefined ? [] : [[host, observation] as const],
  );
  return [...findings, ...(seen.length === 0 ? [] : planFindings(read, seen))];
}

/** Why the servers cannot be asked; undefined if they can. */
function obstacleOf({ problems, read }: StackOfProject): string | undefined {
  const [unset] = read?.unset.filter(({ path }) => /^hosts?(\.|$)/.test(path)) ?? [];
  if (unset !== undefined) return `were not asked, since ${unset.path} ${unset.what}`;
  return problems.length > 0 ? "were not asked, since the stack has the problems above" : undefined;
}

/** The facts of a server that a person wants to know, also where they forbid nothing. */
function serverFindings(observation: Observation): readonly Finding[] {
  const { host, disks } = observation;
  const skew = clockWarning(observation, Date.now());
  const clock: Finding =
    skew === undefined
      ? { state: "ok", thing: "clock", said: "is that of this machine" }
      : { state: "warning", thing: "clock", said: skew, todo: "let a time service set it, such as systemd-timesyncd" };
  const memory = `${gigabytes(host.memoryAvailable)} of ${gigabytes(host.memoryTotal)} are available`;
  return [
    clock,
    { state: "ok", thing: "memory", said: memory },
    ...disks.map(({ path, free }): Finding => ({
      state: "ok",
      thing: `disk of ${path}`,
      said: `${gigabytes(free)} free`,
    })),
  ];
}

/** Everything that a plan with the facts of the servers refuses: ports in use, names taken, lost data, and the rest. */
function planFindings(read: ReadStack, seen: readonly (readonly [StackHost, Observation])[]): readonly Finding[] {
  const { read: checked, unknown, variables } = read;
  if (checked === undefined) return [];
  const namesKnown = variables.source.names === "known";
  const offline = { deployment: checked.deployment, unknown, namesKnown, plain: plainVariables(variables) };
  const observations = Object.fromEntries(seen.map(([{ name }, observation]) => [name, observation]));
  try {
    planOffline(offline, { published: undefined, observations });
    const said = "its ports, names, networks, data and memory are free, or its own";
    return [{ state: "ok", thing: "place for the stack", said }];
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(missing);
    throw error;
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / gigabyte).toFixed(1)} GB`;
}
