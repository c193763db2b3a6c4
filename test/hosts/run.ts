import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "../../toolchain/must-run.ts";

/** The label with a run's name, on everything that the run creates. */
export const runLabel = "slipway.test.run";
/** The label with a run's owner. */
export const ownerLabel = "slipway.test.owner";

/** A run of test servers. */
export interface Run {
  readonly id: string;
  readonly owner: string;
  /** The folder of the run's files, for this user only. It is below /tmp, since the path of a socket must be short. */
  readonly folder: string;
}

/** The folder with a run's files. */
export function folderOf(id: string): string {
  return join(tmpdir(), `slipway-hosts-${id}`);
}

/** The docker options that label a container, volume, network or image as part of a run. */
export function labels(run: Run): readonly string[] {
  return ["--label", `${runLabel}=${run.id}`, "--label", `${ownerLabel}=${run.owner}`];
}

/** Starts a run. The folder with its owner is created first, so that a later run finds it after any failure. */
export function beginRun(owner: string): Run {
  const id = randomBytes(4).toString("hex");
  const folder = folderOf(id);
  mkdirSync(folder, { mode: 0o700 });
  chmodSync(folder, 0o700);
  writeFileSync(join(folder, "owner"), owner);
  return { id, owner, folder };
}

/** Removes everything that a run created, at whatever point it stopped. */
export async function cleanRun(id: string): Promise<void> {
  await mustRun(["bash", join(import.meta.dirname, "clean.sh"), id, folderOf(id)]);
}

/**
 * The child process that removes a run when this process ends. It waits for our end of a pipe to be closed, which the
 * kernel does after every kind of end, even SIGKILL. It has a session of its own, so that Ctrl-C does not reach it.
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

  /** Makes the child remove the run now, and waits for it. */
  async release(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.ref();
    const ended = once(this.#child, "exit");
    this.#child.stdin?.end();
    await ended;
  }
}
