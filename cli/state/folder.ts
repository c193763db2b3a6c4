import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Call } from "../commands/command.ts";
import { backendUrl, readProject, stackName } from "../pulumi.ts";

/** Where a backend of files keeps one stack. */
export interface StateFolder {
  /** The stack's own name. */
  readonly stack: string;
  /** The file with the stack's state, as Pulumi wrote it last. */
  readonly file: string;
  /** Copies that Pulumi made, each in a folder or beside the file. */
  readonly backups: string;
  readonly history: string;
  readonly locks: string;
}

/** The files of the call's stack; undefined where the state is kept elsewhere, in a bucket or a database. */
export async function stateFolder(call: Call): Promise<StateFolder | undefined> {
  const [url, stack] = await Promise.all([backendUrl(call), stackName(call)]);
  const path = /^file:(?:\/\/)?([^?]*)/.exec(url)?.[1];
  if (path === undefined) return undefined;
  const { folder, name } = readProject(call);
  const root = join(path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(folder, path), ".pulumi");
  return {
    stack,
    file: join(root, "stacks", name, `${stack}.json`),
    backups: join(root, "backups", name, stack),
    history: join(root, "history", name, stack),
    locks: join(root, "locks", "organization", name, stack),
  };
}
