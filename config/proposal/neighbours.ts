import type { ServerPort } from "../../model/server-port.ts";
import { readOffline } from "../offline.ts";
import { readOtherStack, type ProjectFiles } from "../stack-files.ts";

/** The ports of the project's other stacks on the server that Pulumi.yaml names for all of them. */
export async function portsOfNeighbours(
  files: ProjectFiles,
  host: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<readonly ServerPort[]> {
  if (host === undefined || host.includes("${")) return []; // each environment may have its own
  const stacks = files.stacks.filter((stack) => readOtherStack(files, stack)?.texts["host"] === host);
  const read = await Promise.all(stacks.map((stack) => readOffline({ folder: files.root, stack, environment })));
  return read.flatMap(({ read: found }) => Object.values(found?.stack.hosts ?? {}).flatMap(({ ports }) => ports));
}
