import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { localDirectory } from "../../toolchain/paths.ts";

/**
 * Makes the folder for all files of this run, and removes the folders of dead runs. It is below the checkout, so that
 * programs find its packages.
 */
export function openRunFolder(): string {
  const folder = join(localDirectory, "stacks");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const owner = /^(?:run|home)-(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(folder, name), { recursive: true, force: true });
  }
  const run = join(folder, `run-${process.pid}`);
  mkdirSync(run, { recursive: true });
  return run;
}

/** Removes the folder with all files of the run. */
export function closeRunFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
