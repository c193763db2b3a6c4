import { readEarlyServers } from "../../config/early-servers.ts";
import { UserError } from "../../model/problem.ts";
import { withoutServerKeys } from "../../process/environment.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import { stackName } from "../pulumi.ts";
import { shortStackName } from "../stack/stack-name.ts";
import { openKeys, openObserveKey, type Keys } from "./keys.ts";

/**
 * Makes sure that there is a key for the servers of stacks. Stacks that run on this machine need none (E14). Without
 * names it is the stack of the command line, or the one that is selected.
 */
export async function openStackKeys(call: Call, stacks?: readonly string[]): Promise<Keys> {
  try {
    return await openKeys(call.environment);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const names = stacks ?? [call.stack ?? (await selectedStack(call))];
    if (!names.every((name) => isOnThisMachine(call, name))) throw error;
    return { environment: withoutServerKeys(call.environment), close: () => Promise.resolve() };
  }
}

/** Opens the key of a command that only observes: the one that can do nothing else, if there is one. */
export async function openObservingKeys(call: Call, stacks: readonly string[]): Promise<Keys> {
  return (await openObserveKey(call.environment)) ?? (await openStackKeys(call, stacks));
}

/** Tells a stack whose servers are all this machine. */
function isOnThisMachine({ folder, environment }: Call, stack: string): boolean {
  const servers = readEarlyServers({ folder, stack: shortStackName(stack), environment })?.servers ?? [];
  return servers.length > 0 && servers.every(({ via }) => via === "local");
}

async function selectedStack(call: Call): Promise<string> {
  await ensureTools(deployTools, log);
  return await stackName({ ...call, environment: toolEnvironment(call.environment) });
}
