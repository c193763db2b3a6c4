import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "../failure.ts";
import { Lock } from "../lock.ts";

/**
 * A process that attends the server for a run of a stack: a folder in memory, whose lock the process holds as long as
 * it lives. A folder without a holder belongs to a dead process, in whatever way that died.
 */
export class Presence implements Disposable {
  readonly folder: string;
  readonly #lock: Lock;

  private constructor(folder: string, lock: Lock) {
    this.folder = folder;
    this.#lock = lock;
  }

  /** Makes the folder of this process. It gets its name only when it is locked, so that nobody sweeps it in between. */
  static async open(stackRun: string): Promise<Presence> {
    const id = randomUUID();
    const draft = join(stackRun, `new.${id}`);
    mkdirSync(draft, { recursive: true, mode: 0o700 });
    const lock = await Lock.take(lockOf(draft));
    if (lock === undefined) throw new Error(`somebody else locked '${draft}'`);
    const folder = join(stackRun, `run.${id}`);
    renameSync(draft, folder);
    return new Presence(folder, lock);
  }

  /** The folders of all living processes. */
  static async living(stackRun: string): Promise<string[]> {
    const folders = foldersOf(stackRun);
    const alive = await Promise.all(folders.map(isAlive));
    return folders.filter((_folder, index) => alive[index]);
  }

  /** Removes the folders of all dead processes of every stack, with the secrets in them (SEC-C9). */
  static async sweepAll(run: string): Promise<void> {
    for (const folder of namesIn(join(run, "stacks")).flatMap((stack) => foldersOf(join(run, "stacks", stack)))) {
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

/** A signal that aborts when the process that holds a folder has ended, in whatever way. `over` ends the wait. */
export function untilDead(folder: string, over: AbortSignal): AbortSignal {
  const dead = new AbortController();
  const lost = (lock?: Lock): void => {
    lock?.[Symbol.dispose]();
    if (!over.aborted) dead.abort();
  };
  // With its folder the lock goes, too; then there is nothing to wait for.
  Lock.take(lockOf(folder), { shared: true, seconds: Infinity, signal: over }).then(lost, () => lost());
  return dead.signal;
}

function lockOf(folder: string): string {
  return join(folder, "lock");
}

function foldersOf(stackRun: string): string[] {
  const names = namesIn(stackRun).filter((name) => name.startsWith("run."));
  return names.sort().map((name) => join(stackRun, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}
