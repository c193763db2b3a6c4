import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "../../toolchain/must-run.ts";

/** The label by which everything of a run is found. */
export const runLabel = "slipway.test.run";
/** The label that says who a run belongs to. */
export const ownerLabel = "slipway.test.owner";

/** One run of test servers: its name on everything that it makes, and the folder of its files. */
export interface Run {
  readonly id: string;
  readonly owner: string;
  /** Readable by us alone. It lies in the temporary folder since the path of a socket must be short. */
  readonly folder: string;
}

/** Where the files of a run are. */
export function folderOf(id: string): string {
  return join(tmpdir(), `slipway-hosts-${id}`);
}

/** Words that put the labels of a run on a container, a volume, a network or an image. */
export function labels(run: Run): readonly string[] {
  return ["--label", `${runLabel}=${run.id}`, "--label", `${ownerLabel}=${run.owner}`];
}

/** Starts a run: its folder first, with the owner's name in it, so that a later run finds it whatever happens next. */
export function beginRun(owner: string): Run {
  const id = randomBytes(4).toString("hex");
  const folder = folderOf(id);
  mkdirSync(folder, { mode: 0o700 });
  chmodSync(folder, 0o700);
  writeFileSync(join(folder, "owner"), owner);
  return { id, owner, folder };
}

/** Removes all that a run made, wherever it stopped. */
export async function cleanRun(id: string): Promise<void> {
  await mustRun(["bash", join(import.meta.dirname, "clean.sh"), id, folderOf(id)]);
}

/**
 * Waits in a session of its own for our end of a pipe to close, which the kernel does however this process ends, and removes the run.
 * Giving it up on purpose takes the same way.
 */
export class Keeper {
  readonly #child: ChildProcess;

  constructor(run: Run) {
    this.#child = spawn("bash", [join(import.meta.dirname, "keep.sh"), run.id, run.folder], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      cwd: "/",
    });
    this.#child.unref();
    if (this.#child.stdin instanceof Socket) this.#child.stdin.unref();
  }

  /** Lets go of the run and waits until all of it is removed. */
  async release(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.ref();
    const ended = once(this.#child, "exit");
    this.#child.stdin?.end();
    await ended;
  }
}
