import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { UserError } from "../../model/problem.ts";
import type { Place } from "./place.ts";
import type { Progress } from "../progress.ts";
import type { Installed, Origin, Run, Source, Tool } from "../tool.ts";
import { tryTool } from "../trial.ts";
import { withLockIfFree } from "./lock.ts";
import { areAsInstalled, writeSums } from "./sums.ts";
import { randomUUID } from "node:crypto";
import { runChild } from "../../process/child.ts";

/** The folders of a delivery in progress. */
export interface Stage {
  readonly tool: Tool;
  readonly run: Run;
  readonly progress: Progress;
  /** Empty at first; becomes the tool's folder in the cache when it is complete and the trial run succeeded. */
  readonly folder: string;
  /** Temporary files of child processes; removed afterwards. */
  readonly temporary: string;
  /** Files with which an interrupted delivery resumes; removed when the tool is installed. */
  readonly kept: string;
}

/** One way to fill a tool's folder in the cache. */
export interface Delivery {
  readonly name: string;
  readonly origin: Origin;
  readonly forecast: string;
  /** The tool's commands, each with its path below the folder. */
  readonly commands: Readonly<Record<string, string>>;
  /** Separates the folders of two deliveries of one tool whose results differ. */
  readonly suffix?: string;
  obstacle(tool: Tool, run: Run): Promise<string | undefined>;
  deliver(stage: Stage): Promise<void>;
}

/** The file in a tool's folder that marks it as complete; it contains the version. */
const stampName = ".installed";

/** Makes a source from a delivery. A tool is in the cache only if it is complete and its trial run succeeded. */
export function cached(delivery: Delivery): Source {
  return {
    name: delivery.name,
    forecast: delivery.forecast,
    present: (tool, run) => Promise.resolve(readInstalled(delivery, tool, run.place)),
    obstacle: (tool, run) => delivery.obstacle(tool, run),
    obtain: (tool, run, progress) => install(delivery, tool, run, progress),
  };
}

/** The lock file of a tool in the cache. */
export function cacheLock(tool: Tool, place: Place): string {
  return join(place.cacheDirectory, "locks", `${tool.name}-${tool.version}.lock`);
}

/** Removes what killed runs left in the cache; the stages of running processes are locked and stay. */
export async function sweep(place: Place): Promise<void> {
  removeDiscarded(place);
  const stages = join(place.cacheDirectory, "stages");
  if (!existsSync(stages)) return;
  for (const name of readdirSync(stages)) {
    const lock = join(place.cacheDirectory, "locks", `${name}.lock`);
    await withLockIfFree(lock, () => rmSync(join(stages, name), { recursive: true, force: true }));
  }
}

function folderOf(delivery: Delivery, tool: Tool, place: Place): string {
  return join(place.cacheDirectory, `${tool.name}-${tool.version}${delivery.suffix ?? ""}`);
}

function readInstalled(delivery: Delivery, tool: Tool, place: Place): Installed | undefined {
  const folder = folderOf(delivery, tool, place);
  const stamp = join(folder, stampName);
  if (!existsSync(stamp)) return undefined;
  const commands = absolutePaths(delivery.commands, folder);
  if (!Object.values(commands).every((file) => existsSync(file))) return undefined;
  if (!areAsInstalled(folder, Object.values(delivery.commands), process.env)) return undefined;
  return { origin: delivery.origin, detail: delivery.name, version: readFileSync(stamp, "utf8"), commands };
}

/** Delivers a tool into a stage, runs its trial, and only then moves it to its place in the cache. */
async function install(delivery: Delivery, tool: Tool, run: Run, progress: Progress): Promise<Installed> {
  const folder = folderOf(delivery, tool, run.place);
  const stage = prepareStage(tool, run, progress);
  try {
    await delivery.deliver(stage);
    const commands = Object.values(absolutePaths(delivery.commands, stage.folder));
    const trial = await tryTool(tool, commands[0] ?? "", run.place);
    if ("problem" in trial) {
      const what = `the trial run failed, ${trial.problem}`;
      throw new UserError({ path: delivery.name, what, todo: "run it again, and report it if it happens twice" });
    }
    writeSums(stage.folder, Object.values(delivery.commands));
    writeFileSync(join(stage.folder, stampName), trial.version);
    rmSync(folder, { recursive: true, force: true });
    renameSync(stage.folder, folder);
    discard(stage.kept, run.place);
  } finally {
    rmSync(join(stage.folder, ".."), { recursive: true, force: true });
  }
  const installed = readInstalled(delivery, tool, run.place);
  if (installed === undefined) throw new Error(`${folder}: is missing right after it was created`);
  return installed;
}

function prepareStage(tool: Tool, run: Run, progress: Progress): Stage {
  const name = `${tool.name}-${tool.version}`;
  const base = join(run.place.cacheDirectory, "stages", name);
  rmSync(base, { recursive: true, force: true });
  const folders = {
    folder: join(base, "folder"),
    temporary: join(base, "temporary"),
    kept: join(run.place.cacheDirectory, "unfinished", name),
  };
  Object.values(folders).forEach((folder) => mkdirSync(folder, { recursive: true }));
  return { tool, run, progress, ...folders };
}

function absolutePaths(commands: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(commands).map(([name, file]) => [name, join(folder, file)]));
}

/**
 * Removes a folder of the cache in the background: a Go build leaves gigabytes in a hundred thousand files, which take
 * 20 seconds to delete. This process ends when they are deleted; if it is killed before, the next run continues.
 */
function discard(folder: string, place: Place): void {
  if (readdirSync(folder).length === 0) {
    rmdirSync(folder);
    return;
  }
  mkdirSync(discardedFolder(place), { recursive: true });
  renameSync(folder, join(discardedFolder(place), randomUUID()));
  removeDiscarded(place);
}

/** Removes the discarded folders in the background, unless another process is doing so. */
function removeDiscarded(place: Place): void {
  const folder = discardedFolder(place);
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  const lock = join(place.cacheDirectory, "locks", "gone.lock");
  mkdirSync(join(lock, ".."), { recursive: true });
  void runChild(["flock", "--nonblock", lock, "sh", "-c", 'rm -rf -- "$1"/*', "sh", folder]);
}

function discardedFolder(place: Place): string {
  return join(place.cacheDirectory, "gone");
}
