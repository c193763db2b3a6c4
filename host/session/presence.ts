import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../failure.ts";
import { Lock } from "../lock.ts";

/** A run attends a server; a verb changes one object. */
export type PresenceKind = "run" | "verb";

/**
 * A process that works for a stack: a folder in memory, whose lock the process holds as long as it lives. A folder
 * without a holder belongs to a dead process, in whatever way that died.
 */
export class Presence implements Disposable {
  readonly folder: string;
  readonly #lock: Lock;

  private constructor(folder: string, lock: Lock) {
    this.folder = folder;
    this.#lock = lock;
  }

  /** Makes the folder of this process. It gets its name only when it is locked, so that nobody sweeps it in between. */
  static async open(stackRun: string, kind: PresenceKind): Promise<Presence> {
    const id = randomUUID();
    const draft = join(stackRun, `new.${id}`);
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    const lock = await Lock.take(lockOf(draft));
    if (lock === undefined) throw new Error(`somebody else locked '${draft}'`);
    const folder = join(stackRun, `${kind}.${id}`);
    renameSync(draft, folder);
    return new Presence(folder, lock);
  }

  /** The folders of all living processes of a kind. */
  static async living(stackRun: string, kind: PresenceKind): Promise<string[]> {
    const folders = foldersOf(stackRun, kind);
    const alive = await Promise.all(folders.map(isAlive));
    return folders.filter((_folder, index) => alive[index]);
  }

  /** Removes the folders of dead processes. */
  static async sweep(stackRun: string, kind: PresenceKind): Promise<void> {
    for (const folder of foldersOf(stackRun, kind)) {
      if (!(await isAlive(folder))) rmSync(folder, { recursive: true, force: true });
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
    this.#lock[Symbol.dispose]();
  }
}

/** Tells whether a process still holds a folder. The folder may go away at any moment. */
export async function isAlive(folder: string): Promise<boolean> {
  return await Lock.isHeld(lockOf(folder));
}

function lockOf(folder: string): string {
  return join(folder, "lock");
}

function foldersOf(stackRun: string, kind: PresenceKind): string[] {
  try {
    const names = readdirSync(stackRun).filter((name) => name.startsWith(`${kind}.`));
    return names.sort().map((name) => join(stackRun, name));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
