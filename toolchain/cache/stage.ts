import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ToolProblem } from "../problem.ts";
import type { Place } from "./place.ts";
import type { Progress } from "../progress.ts";
import type { Installed, Origin, Run, Source, Tool } from "../tool.ts";
import { tryTool } from "../trial.ts";
import { discard, discardRest } from "./discard.ts";
import { ifFree } from "./lock.ts";

/** What a delivery works with: an empty folder that becomes the tool's folder in the cache once it is complete and tried. */
export interface Stage {
  readonly tool: Tool;
  readonly run: Run;
  readonly progress: Progress;
  readonly folder: string;
  /** For temporary files of the children; removed afterwards. */
  readonly temporary: string;
  /** Holds what an interrupted delivery takes up again; removed once the tool is there. */
  readonly kept: string;
}

/** One way of filling a tool's folder in the cache. */
export interface Delivery {
  readonly name: string;
  readonly origin: Origin;
  readonly forecast: string;
  /** The tool's commands, each with its place below the folder. */
  readonly commands: Readonly<Record<string, string>>;
  /** Distinguishes the folders of two deliveries of one tool that are not the same thing. */
  readonly suffix?: string;
  obstacle(tool: Tool, run: Run): Promise<string | undefined>;
  deliver(stage: Stage): Promise<void>;
}

const stampName = ".installed";

/** Makes a source of a delivery: a folder in the cache is either complete, and was tried, or not there. */
export function cached(delivery: Delivery): Source {
  return {
    name: delivery.name,
    forecast: delivery.forecast,
    present: (tool, run) => Promise.resolve(read(delivery, tool, run.place)),
    obstacle: (tool, run) => delivery.obstacle(tool, run),
    obtain: (tool, run, progress) => install(delivery, tool, run, progress),
  };
}

/** The lock of a tool in the cache. */
export function cacheLock(tool: Tool, place: Place): string {
  return join(place.cacheDirectory, "locks", `${tool.name}-${tool.version}.lock`);
}

/** Removes what runs that were killed left in the cache; what a living run works on is locked and stays. */
export async function sweep(place: Place): Promise<void> {
  discardRest(place);
  const stages = join(place.cacheDirectory, "stages");
  if (!existsSync(stages)) return;
  for (const name of readdirSync(stages)) {
    const lock = join(place.cacheDirectory, "locks", `${name}.lock`);
    await ifFree(lock, () => rmSync(join(stages, name), { recursive: true, force: true }));
  }
}

function folderOf(delivery: Delivery, tool: Tool, place: Place): string {
  return join(place.cacheDirectory, `${tool.name}-${tool.version}${delivery.suffix ?? ""}`);
}

function read(delivery: Delivery, tool: Tool, place: Place): Installed | undefined {
  const folder = folderOf(delivery, tool, place);
  const stamp = join(folder, stampName);
  if (!existsSync(stamp)) return undefined;
  const commands = absolute(delivery.commands, folder);
  if (!Object.values(commands).every((file) => existsSync(file))) return undefined;
  return { origin: delivery.origin, detail: delivery.name, version: readFileSync(stamp, "utf8"), commands };
}

async function install(delivery: Delivery, tool: Tool, run: Run, progress: Progress): Promise<Installed> {
  const folder = folderOf(delivery, tool, run.place);
  const stage = prepare(tool, run, progress);
  try {
    await delivery.deliver(stage);
    const commands = Object.values(absolute(delivery.commands, stage.folder));
    const trial = await tryTool(tool, commands[0] ?? "", run.place);
    if ("wrong" in trial) throw new ToolProblem(`${delivery.name}: what came does not work, ${trial.wrong}`);
    writeFileSync(join(stage.folder, stampName), trial.version);
    rmSync(folder, { recursive: true, force: true });
    renameSync(stage.folder, folder);
    discard(stage.kept, run.place);
  } finally {
    rmSync(join(stage.folder, ".."), { recursive: true, force: true });
  }
  const installed = read(delivery, tool, run.place);
  if (installed === undefined) throw new Error(`${folder}: was just renamed and is not there`);
  return installed;
}

function prepare(tool: Tool, run: Run, progress: Progress): Stage {
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

function absolute(commands: Readonly<Record<string, string>>, folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(commands).map(([name, file]) => [name, join(folder, file)]));
}
