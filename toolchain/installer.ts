import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { activateCommands } from "./activation.ts";
import { withLock } from "./cache/lock.ts";
import type { Place } from "./cache/place.ts";
import { UserError } from "../model/problem.ts";
import { Progress, type Say } from "./progress.ts";
import { cacheLock } from "./cache/stage.ts";
import type { Installed, Run, Source, Tool } from "./tool.ts";

/** A present tool, and how this run made it present. */
interface Presence {
  readonly installed: Installed;
  /** True if this run installed it, false if it was present before. */
  readonly fresh: boolean;
  /** Duration of the installation. */
  readonly milliseconds: number;
}

/** The result of a run for one tool. */
export interface Outcome extends Presence {
  readonly tool: Tool;
}

/** Makes tools present. Each is installed once, also when several other tools need it. */
export class Installer implements Run {
  readonly place: Place;
  readonly #say: Say;
  readonly #outcomes = new Map<Tool, Promise<Outcome>>();

  constructor(place: Place, say: Say) {
    this.place = place;
    this.#say = say;
  }

  async use(tool: Tool): Promise<Installed> {
    return (await this.ensure(tool)).installed;
  }

  /** Makes a tool present; later calls for the same tool share the result of the first. */
  ensure(tool: Tool): Promise<Outcome> {
    const known = this.#outcomes.get(tool) ?? this.#ensure(tool);
    this.#outcomes.set(tool, known);
    return known;
  }

  /** The outcomes of all tools that succeeded, including those that were needed by others. */
  async outcomes(): Promise<readonly Outcome[]> {
    const settled = await Promise.allSettled(this.#outcomes.values());
    return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  async #ensure(tool: Tool): Promise<Outcome> {
    const found = await findToolOrSource(tool, this);
    const presence = "source" in found ? await this.#installUnderLock(tool) : alreadyPresent(found);
    (tool.activate ?? activateCommands)(presence.installed, this.place);
    recordProvenance(tool, presence.installed, this.place);
    return { tool, ...presence };
  }

  async #installUnderLock(tool: Tool): Promise<Presence> {
    const lock = tool.lock?.(this.place) ?? cacheLock(tool, this.place);
    const onWait = (holder: string) =>
      this.#say(`${tool.name} ${tool.version}: waits for another run that is installing it (${holder})`);
    return await withLock(lock, onWait, async () => {
      const found = await findToolOrSource(tool, this);
      return "source" in found ? await this.#obtain(tool, found.source) : alreadyPresent(found);
    });
  }

  async #obtain(tool: Tool, source: Source): Promise<Presence> {
    const progress = new Progress(`${tool.name} ${tool.version}`, this.#say);
    try {
      progress.say(source.forecast);
      const installed = await source.obtain(tool, this, progress);
      return { installed, fresh: true, milliseconds: progress.elapsed() };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        error.problems.map((problem) => ({ ...problem, path: `${tool.name} ${tool.version}: ${problem.path}` })),
      );
    } finally {
      progress.stop();
    }
  }
}

function alreadyPresent(installed: Installed): Presence {
  return { installed, fresh: false, milliseconds: 0 };
}

/** Asks the sources in order: gives the tool if the source has it, or the source if nothing hinders it. */
export async function findToolOrSource(tool: Tool, run: Run): Promise<Installed | { readonly source: Source }> {
  const closed: string[] = [];
  for (const source of tool.sources) {
    const installed = await source.present(tool, run);
    if (installed !== undefined) return installed;
    const obstacle = await source.obstacle(tool, run);
    if (obstacle === undefined) return { source };
    closed.push(`${source.name}: ${obstacle}`);
  }
  const what = `no source can provide it (${closed.join("; ")})`;
  throw new UserError({ path: `${tool.name} ${tool.version}`, what, todo: tool.remedy });
}

/** Notes where a tool came from. Each tool has a file of its own, so that parallel runs lose no notes. */
function recordProvenance(tool: Tool, installed: Installed, place: Place): void {
  const folder = join(place.localDirectory, "provenance");
  const file = join(folder, tool.name);
  const line = `${tool.name} ${installed.version}: ${installed.origin} (${installed.detail})\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === line) return;
  mkdirSync(folder, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, line);
  renameSync(fresh, file);
}
