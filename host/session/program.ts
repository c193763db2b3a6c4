import { existsSync, globSync, realpathSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readStateFile, writeStateFile } from "../files/state-file.ts";
import { systemPath } from "../../model/server-places.ts";
import type { Places, StackPlaces } from "../places.ts";

/** The folder for what was compiled of programs, until the server restarts; `slipway-root` names the same one. */
const compiled = "compiled";

/** Milliseconds before an unused program is removed. */
const day = 86_400_000;

/** A program with the runtime that runs it, by their paths. */
export interface Program {
  readonly runtime: string;
  readonly program: string;
}

/** The program that this process runs. The folder of the server's state may be a link, so these are real paths. */
export function ownProgram(): Program {
  return { runtime: realpathSync(process.execPath), program: realpathSync(process.argv[1] ?? "") };
}

/**
 * Notes that a program is in use, so that no session of another stack removes it. One that was noted in the last half
 * day is left alone, so that most observations write nothing at all.
 */
export function touchProgram({ state }: Pick<Places, "state">, { runtime, program }: Program): void {
  const now = new Date();
  for (const path of [runtime, program]) {
    try {
      if (path.startsWith(`${realpathSync(state)}/`) && !isRecent(path, day / 2)) utimesSync(path, now, now);
    } catch {
      // A file system that became read-only must not keep anybody from observing the server.
    }
  }
}

/** Makes this the program of a stack: its launcher is written, or left alone if it is as it should be. */
export function installProgram({ stackState, run }: Pick<StackPlaces, "stackState" | "run">, own: Program): void {
  const launcher = join(stackState, "slipway");
  const text = launcherText(own, join(run, compiled));
  const mode = statSync(launcher, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o777) === 0o755 && readStateFile(launcher) === text) return;
  writeStateFile(launcher, text, 0o755);
}

function launcherText({ runtime, program }: Program, compileCache: string): string {
  return `#!/bin/sh
# The program of this stack, written by the session that ran it last.
umask 077
ulimit -c 0
cd / || exit
exec env -i PATH=${systemPath} HOME=/root LC_ALL=C NODE_COMPILE_CACHE=${compileCache} \\
  '${runtime}' '${program}' "$@"
`;
}

/**
 * Removes programs and runtimes that no stack runs, and uploads that were cut, a day after their last use; and what was
 * compiled of programs that are gone.
 */
export function sweepPrograms(places: Pick<Places, "state" | "run">): void {
  for (const { path } of unusedPrograms(places)) removeProgram(places, path);
  for (const path of globSync(join(places.run, compiled, "*.cjs.*"))) {
    const [program = ""] = basename(path).split(".");
    if (!existsSync(join(realpathSync(places.state), "program", `${program}.cjs`))) rmSync(path, { force: true });
  }
}

/** The programs and runtimes that no stack runs, and uploads that were cut, a day after their last use. */
export function unusedPrograms(places: Pick<Places, "state">): { readonly path: string; readonly size: number }[] {
  const state = realpathSync(places.state);
  const launchers = globSync(join(state, "stacks", "*", "slipway")).map((path) => readStateFile(path) ?? "");
  const files = ["program/*", "program/.draft.*", "runtime/*/*", "runtime/*/.draft.*"];
  return files
    .flatMap((pattern) => globSync(join(state, pattern)))
    .filter((path) => !launchers.some((text) => text.includes(`'${path}'`)) && !isRecent(path))
    .map((path) => ({ path, size: statSync(path, { throwIfNoEntry: false })?.size ?? 0 }));
}

/** Removes one of them, and the folder of a runtime with it. */
export function removeProgram(places: Pick<Places, "state">, path: string): void {
  rmSync(path, { force: true });
  if (dirname(dirname(path)) === join(realpathSync(places.state), "runtime")) removeEmpty(dirname(path));
}

/** The wall clock alone outlives a restart. After a jump of it something is uploaded once more. */
function isRecent(path: string, milliseconds = day): boolean {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
  return Math.abs(Date.now() - mtimeMs) < milliseconds;
}

function removeEmpty(folder: string): void {
  if (existsSync(folder) && globSync(join(folder, "{*,.draft.*}")).length === 0) rmSync(folder, { recursive: true });
}
