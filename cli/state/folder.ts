import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Call } from "../commands/command.ts";
import { backendUrl, readProject, stackName } from "../pulumi.ts";

/** The files of one stack in a backend of files. */
export interface StateFolder {
  /** The stack's name alone. */
  readonly stack: string;
  /** The file with the stack's state. */
  readonly file: string;
  /** Folders of Pulumi's own copies of the state. */
  readonly backups: string;
  readonly history: string;
  readonly locks: string;
  /** Slipway's own notes about the jobs that hold locks. */
  readonly notes: string;
}

/** The files of the call's stack; undefined if a bucket or a database keeps the state. */
export async function stateFolder(call: Call): Promise<StateFolder | undefined> {
  const [url, stack] = await Promise.all([backendUrl(call), stackName(call)]);
  const path = /^file:(?:\/\/)?([^?]*)/.exec(url)?.[1];
  if (path === undefined) return undefined;
  const { folder, name } = readProject(call);
  const backend = path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(folder, path);
  const root = join(backend, ".pulumi");
  return {
    stack,
    file: join(root, "stacks", name, `${stack}.json`),
    backups: join(root, "backups", name, stack),
    history: join(root, "history", name, stack),
    locks: join(root, "locks", "organization", name, stack),
    notes: join(backend, ".slipway", "jobs", name, stack),
  };
}
