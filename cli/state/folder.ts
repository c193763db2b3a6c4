import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { readProjectFiles } from "../../config/stack-files.ts";
import type { Call } from "../commands/command.ts";
import { backendUrl } from "../pulumi.ts";

/** A backend of files, as far as one project is concerned. */
export interface StatePlace {
  readonly project: string;
  /** The backend's own folder. */
  readonly backend: string;
  /** The folder with the states of the project's stacks. */
  readonly stacks: string;
}

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

/** The backend of the call's project; undefined if a bucket or a database keeps the state. */
export async function statePlace(call: Call): Promise<StatePlace | undefined> {
  const path = /^file:(?:\/\/)?([^?]*)/.exec(await backendUrl(call))?.[1];
  if (path === undefined) return undefined;
  const { root: folder, project } = readProjectFiles(call.folder);
  const backend = path.startsWith("~") ? join(homedir(), path.slice(1)) : resolve(folder, path);
  return { project, backend, stacks: join(backend, ".pulumi", "stacks", project) };
}

/** The files of a stack. */
export function stateFolder({ project, backend, stacks }: StatePlace, stack: string): StateFolder {
  const root = join(backend, ".pulumi");
  return {
    stack,
    file: join(stacks, `${stack}.json`),
    backups: join(root, "backups", project, stack),
    history: join(root, "history", project, stack),
    locks: join(root, "locks", "organization", project, stack),
    notes: join(backend, ".slipway", "jobs", project, stack),
  };
}
