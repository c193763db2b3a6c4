import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { activateCommands } from "./activation.ts";
import { withLock } from "./cache/lock.ts";
import type { Place } from "./cache/place.ts";
import { describeError, ToolProblem } from "./problem.ts";
import { Progress, type Say } from "./progress.ts";
import { cacheLock } from "./cache/stage.ts";
import type { Installed, Run, Source, Tool } from "./tool.ts";

interface Got {
  readonly installed: Installed;
  /** Whether this run fetched it; otherwise it was there. */
  readonly fresh: boolean;
  /** How long fetching took. */
  readonly milliseconds: number;
}

/** What became of one tool in this run. */
export interface Outcome extends Got {
  readonly tool: Tool;
}

/** Makes tools present, each once however many others use it. */
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

  /** The tool's outcome, whoever asked for it first. */
  ensure(tool: Tool): Promise<Outcome> {
    const known = this.#outcomes.get(tool) ?? this.#ensure(tool);
    this.#outcomes.set(tool, known);
    return known;
  }

  /** Everything this run did, also what no one named but was needed. */
  async outcomes(): Promise<readonly Outcome[]> {
    const settled = await Promise.allSettled(this.#outcomes.values());
    return settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  }

  async #ensure(tool: Tool): Promise<Outcome> {
    const seen = await look(tool, this);
    const got = "source" in seen ? await this.#locked(tool) : present(seen);
    (tool.activate ?? activateCommands)(got.installed, this.place);
    recordProvenance(tool, got.installed, this.place);
    return { tool, ...got };
  }

  async #locked(tool: Tool): Promise<Got> {
    const lock = tool.lock?.(this.place) ?? cacheLock(tool, this.place);
    const onWait = (holder: string) =>
      this.#say(`${tool.name} ${tool.version}: waits for another run that is getting it (${holder})`);
    return await withLock(lock, onWait, async () => {
      const seen = await look(tool, this);
      return "source" in seen ? await this.#obtain(tool, seen.source) : present(seen);
    });
  }

  async #obtain(tool: Tool, source: Source): Promise<Got> {
    const progress = new Progress(`${tool.name} ${tool.version}`, this.#say);
    try {
      progress.say(source.forecast);
      const installed = await source.obtain(tool, this, progress);
      return { installed, fresh: true, milliseconds: progress.elapsed() };
    } catch (error) {
      if (!(error instanceof ToolProblem)) throw error;
      throw new ToolProblem(`${tool.name} ${tool.version}: ${describeError(error)}`);
    } finally {
      progress.stop();
    }
  }
}

function present(installed: Installed): Got {
  return { installed, fresh: false, milliseconds: 0 };
}

/** Asks the sources in order: the first that has the tool, else the first that is open. */
async function look(tool: Tool, run: Run): Promise<Installed | { readonly source: Source }> {
  const closed: string[] = [];
  for (const source of tool.sources) {
    const installed = await source.present(tool, run);
    if (installed !== undefined) return installed;
    const obstacle = await source.obstacle(tool, run);
    if (obstacle === undefined) return { source };
    closed.push(`${source.name}: ${obstacle}`);
  }
  throw new ToolProblem(`${tool.name} ${tool.version}: cannot be had here (${closed.join("; ")}); ${tool.remedy}`);
}

/** Notes where a tool came from, in a file of its own, so that two runs at once cannot lose each other's notes. */
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
