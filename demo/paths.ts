import { join } from "node:path";
import { localDirectory } from "../toolchain/paths.ts";

/** Everything that the demo keeps on this machine lies here; `npm run demo:down` removes it. */
export const demoFolder = join(localDirectory, "demo");

/** Names the demo's server and registry; it also owns them: if the checkout is deleted, the next run of any test removes them. */
export const serverFile = join(demoFolder, "server.json");

/** The project with its stack files, which Pulumi rewrites when it makes a stack. */
export const projectFolder = join(demoFolder, "project");

/** Pulumi's state, and the passphrase of its secrets. */
export const stateFolder = join(demoFolder, "state");
export const passphraseFile = join(demoFolder, "passphrase");

/** What a shell needs to work on the demo's stacks by hand. */
export const shellFile = join(demoFolder, "env");

/** Settings for ssh, by which people reach the server as `server`. */
export const sshFile = join(demoFolder, "ssh");

/** Everything that Pulumi said of a stack. */
export function logFile(stack: string): string {
  return join(demoFolder, `${stack}.log`);
}

/** The stacks that share the server. */
export const stacks = ["staging", "production"] as const;

/** One of them. */
export type StackName = (typeof stacks)[number];
