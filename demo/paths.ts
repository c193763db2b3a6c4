import { join } from "node:path";
import { localDirectory } from "../toolchain/paths.ts";

/** The folder for all files of the demo; `npm run demo:down` removes it. */
export const demoFolder = join(localDirectory, "demo");

/** The facts of the demo's server. This file owns the server: if it is deleted, the next run of any test removes it. */
export const serverFile = join(demoFolder, "server.json");

/** The copy of the project; Pulumi rewrites its stack files. */
export const projectFolder = join(demoFolder, "project");

/** The folder of Pulumi's state. */
export const stateFolder = join(demoFolder, "state");

/** The passphrase for the secrets in the state. */
export const passphraseFile = join(demoFolder, "passphrase");

/** The file to source in a shell for working on the demo's stacks by hand. */
export const shellFile = join(demoFolder, "env");

/** The ssh configuration with the server as the host `server`. */
export const sshFile = join(demoFolder, "ssh");

/** The document of a release. */
export function releaseFile(version: string): string {
  return join(demoFolder, `release-${version}.json`);
}

/** The log of Pulumi's output for a stack. */
export function logFile(stack: string): string {
  return join(demoFolder, `${stack}.log`);
}

/** The demo's stacks, which share the server. */
export const stacks = ["staging", "production"] as const;

export type StackName = (typeof stacks)[number];
