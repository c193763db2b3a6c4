import { z } from "zod";
import { parseJson } from "../model/json.ts";
import { stackFile, stateFolder } from "../model/server-places.ts";
import type { TestServer } from "../test/hosts/servers.ts";
import { decimal } from "./measure.ts";

/** A moment of a run: what happened then, and when, in milliseconds of the clock. */
interface Moment {
  readonly name: string;
  readonly at: number;
}

/** Lines of the runner that tell how far it is; the engine may put its own words before them. */
const told: readonly (readonly [words: string, moment: string])[] = [
  ["Updating (", "the engine begins"],
  ["variables: from", "the program has read its configuration"],
  ["Resources:", "the engine is done"],
];

/** Steps of verbs in the stack's journal. */
const steps: readonly (readonly [verb: string, step: string, moment: string])[] = [
  ["images", "begin", "images: begin"],
  ["images", "end", "images: end"],
  ["rollout", "begin", "rollout: begin"],
  ["rollout", "up", "rollout: files are written"],
  ["rollout", "up ended", "rollout: Compose is done"],
  ["rollout", "gate ended", "rollout: the gate is passed"],
  ["rollout", "verify ended", "rollout: the proxy follows"],
  ["rollout", "watch ended", "rollout: the watch is over"],
  ["rollout", "end", "rollout: end"],
  ["confirm", "begin", "confirm: begin"],
  ["confirm", "end", "confirm: end"],
];

const stepSchema = z.object({ time: z.string(), verb: z.string(), step: z.string() });

/** The phases of one release, by the lines that the command prints and by the journal of the server. */
export class Phases {
  readonly #began = Date.now();
  readonly #moments: Moment[] = [];

  /** Takes a line of the command. */
  hear(line: string): void {
    const [, name] = told.find(([words]) => line.includes(words)) ?? [];
    if (name !== undefined && !this.#moments.some((one) => one.name === name)) this.#note(name);
  }

  /** Ends the run: reads the journal of the server. Returns each phase with its seconds, in order. */
  async end(server: TestServer, stack: string): Promise<Map<string, number>> {
    this.#note("the command ends");
    const { stdout } = await server.exec(["cat", `${stateFolder}/stacks/${stackFile(stack)}/journal`]);
    const journaled = stdout.split("\n").flatMap((line) => stepSchema.safeParse(parseJson(line)).data ?? []);
    for (const { time, verb, step } of journaled) {
      const [, , name] = steps.find(([ofVerb, ofStep]) => ofVerb === verb && ofStep === step) ?? [];
      if (name !== undefined && Date.parse(time) >= this.#began) this.#moments.push({ name, at: Date.parse(time) });
    }
    const ordered = this.#moments.toSorted((one, other) => one.at - other.at);
    const before = (index: number): number => ordered[index - 1]?.at ?? this.#began;
    return new Map(ordered.map(({ name, at }, index) => [name, (at - before(index)) / 1000]));
  }

  #note(name: string): void {
    this.#moments.push({ name, at: Date.now() });
  }
}

/** The median seconds of each phase over several runs, as lines of a table. */
export function phaseLines(runs: readonly ReadonlyMap<string, number>[], median: (of: number[]) => number): string[] {
  const names = [...(runs.at(-1)?.keys() ?? [])];
  return names.map((name) => {
    const seconds = median(runs.flatMap((run) => run.get(name) ?? []));
    return `  until ${name.padEnd(40)} ${decimal(seconds).padStart(6)} s`;
  });
}

/** The stages of MotoVaultPro's pipeline (E1): the moment that ends each, and its seconds in the guide of that team. */
const guide = [
  { stage: "validate", until: "images: begin", seconds: 5 },
  { stage: "prepare", until: "rollout: the gate is passed", seconds: 30 },
  { stage: "switch", until: "rollout: the proxy follows", seconds: 3 },
  { stage: "verify", until: "the command ends", seconds: 30 },
] as const;

/** The median seconds of each of those stages over several runs, as lines beside the guide. */
export function stageLines(runs: readonly ReadonlyMap<string, number>[], median: (of: number[]) => number): string[] {
  return guide.map(({ stage, until, seconds: guided }, index) => {
    const before = guide[index - 1]?.until;
    const seconds = median(runs.map((run) => secondsUntil(run, until) - (before ? secondsUntil(run, before) : 0)));
    return `  ${stage.padEnd(8)} ${decimal(seconds).padStart(6)} s, guide ${String(guided).padStart(2)} s`;
  });
}

/** Seconds from the begin of a run to a moment of it. */
function secondsUntil(run: ReadonlyMap<string, number>, moment: string): number {
  const names = [...run.keys()];
  if (!names.includes(moment)) throw new Error(`the run has no moment '${moment}'`);
  return [...run.values()].slice(0, names.indexOf(moment) + 1).reduce((sum, seconds) => sum + seconds, 0);
}
