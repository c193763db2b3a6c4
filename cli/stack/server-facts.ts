import type { ReadStack } from "../../config/assemble.ts";
import { configurationError, type Problem } from "../../model/problem.ts";
import type { Stack } from "../../model/stack/stack.ts";
import { observeWithKey } from "../../remote/observer/observe.ts";
import type { Observations } from "../../remote/session.ts";
import { log } from "../output.ts";
import { openObserveKey } from "../ssh/keys.ts";
import { observeKeyVariable } from "../ssh/private-key.ts";
import { waits } from "../waits.ts";

/** Tells whether offline plans have the facts of servers: the environment holds a key that only observes. */
export function hasObserveKey(environment: NodeJS.ProcessEnv): boolean {
  return environment[observeKeyVariable] !== undefined;
}

/** The facts that a key which only observes finds on the servers of a stack; none without such a key. */
export async function serverFacts(
  stack: Stack,
  { unset }: Pick<ReadStack, "unset">,
  environment: NodeJS.ProcessEnv,
): Promise<Observations> {
  const keys = await openObserveKey(environment);
  if (keys === undefined) return {};
  try {
    requireAddresses(unset);
    return await observeWithKey(stack, { environment: keys.environment, say: log, warn: log, waits });
  } finally {
    await keys.close();
  }
}

/** Requires the addresses and host keys of the servers, without which the key is of no use. */
function requireAddresses(unset: readonly Problem[]): void {
  const ofHosts = unset.filter(({ path }) => /^hosts?(\.|$)/.test(path));
  const problems = ofHosts.map((problem) => ({ ...problem, todo: `${problem.todo}; or unset ${observeKeyVariable}` }));
  if (problems.length > 0) throw configurationError(problems);
}
