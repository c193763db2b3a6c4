import { isFolder } from "./data-place.ts";
import { stackEnvFile } from "./env-folder.ts";
import { proxyName } from "./proxy.ts";
import { shortSum } from "./sum.ts";

/** The folder in which slipway keeps everything that a server remembers. docs/server-program.md lists what is in it. */
export const stateFolder = "/var/lib/slipway";

/** The socket of a server's Docker engine. */
export const engineSocket = "/var/run/docker.sock";

/** Where programs are looked for on a server, whatever the login of a user says. */
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The file with the claim of a stack. */
export function claimFile(stack: string): string {
  return `${stateFolder}/claims/${stackFile(stack)}.json`;
}

/** The file that remembers the data of a stack's volume or folder. A folder's path would be no name of a file. */
export function dataFile(stack: string, volume: string): string {
  const name = isFolder(volume) ? `=${shortSum(volume)}` : volume;
  return `${stateFolder}/data/${stackFile(stack)}@${name}.json`;
}

/** The launcher of a stack on its server. It starts the program of the session that was there last. */
export function stackLauncher(stack: string): string {
  return `${stateFolder}/stacks/${stackFile(stack)}/slipway`;
}

/** The stack's name as a part of a file name. */
export function stackFile(stack: string): string {
  return stack.replace("/", "@");
}

/** The folder in a stack's directory in which only root may be: files are written there before they get their place. */
export const draftsFolder = ".slipway";

/** Slipway's own folders in a stack's directory, besides those of secrets and env files. */
export const ownFolders: readonly string[] = [draftsFolder, proxyName, "blue", "green", "migration"];

/** Slipway's own files beside them. */
export const ownFiles: readonly string[] = ["compose.yaml", "compose-after.yaml", stackEnvFile];

/** The compose file of a project: that of its services which start after a stack's release has its own. */
export function composeFileOf({ after }: { readonly after?: unknown }): string {
  return after === undefined ? "compose.yaml" : "compose-after.yaml";
}

/** The stack of a file name that `stackFile` made. */
export function stackOfFile(name: string): string {
  return name.replace("@", "/");
}
