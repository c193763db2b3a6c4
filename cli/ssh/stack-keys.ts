import { readEarlyServers } from "../../config/early-servers.ts";
import { UserError } from "../../model/problem.ts";
import { withoutServerKeys } from "../../process/environment.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import { stackName } from "../pulumi.ts";
import { shortStackName } from "../stack-name.ts";
import { openKeys, type Keys } from "./keys.ts";

/** Makes sure that there is a key for a stack's servers. A stack that runs on this machine needs none (E14). */
export async function openStackKeys(call: Call): Promise<Keys> {
  try {
    return await openKeys(call.environment);
  } catch (error) {
    if (!(error instanceof UserError) || !(await isOnThisMachine(call))) throw error;
    return { environment: withoutServerKeys(call.environment), close: () => Promise.resolve() };
  }
}

/** Tells a stack whose servers are all this machine. */
async function isOnThisMachine(call: Call): Promise<boolean> {
  const { folder, environment } = call;
  const stack = shortStackName(call.stack ?? (await selectedStack(call)));
  const servers = readEarlyServers({ folder, stack, environment })?.servers ?? [];
  return servers.length > 0 && servers.every(({ via }) => via === "local");
}

async function selectedStack(call: Call): Promise<string> {
  await ensureTools(deployTools, log);
  return await stackName({ ...call, environment: toolEnvironment(call.environment) });
}
