import { releaseFact } from "../../../../host/release/fact.ts";
import { verbOf } from "../../../../host/verbs/table.ts";
import { readWhole } from "../../../../host/verbs/whole-document.ts";
import type { ServerView } from "../../../../host/view.ts";
import { otherColour, type Colour } from "../../../../model/colour.ts";
import { formatNumber } from "../../../../model/document/number.ts";
import type { AppliedFact, Difference, Observation } from "../../../../model/facts/observation.ts";
import type { ReleaseFact } from "../../../../model/facts/release/release.ts";
import { eventually } from "../../../hosts/condition.ts";
import { observed } from "../../../model/facts/observed.ts";
import { messageOf } from "../../../../model/problem.ts";
import { docker } from "../docker.ts";
import type { ReleasePlaces } from "./release-plan.ts";

/** The answers to a steady load. */
export interface Load {
  readonly releases: ReadonlySet<string>;
  readonly failures: readonly string[];
  readonly count: number;
}

/** What can be seen of a release: by an observation, by its callers, and in the engine. */
export class ReleaseSight {
  readonly #where: ReleasePlaces;
  readonly #view: () => ServerView;

  constructor(where: ReleasePlaces, view: () => ServerView) {
    this.#where = where;
    this.#view = view;
  }

  /** What an observation tells of the release. */
  async observe(): Promise<Observation> {
    const view = this.#view();
    const applied = view.state.allApplied().applied.map(async (one): Promise<AppliedFact> => {
      const { object, kind, resource, number, hash, text } = one;
      const differences = await this.#differences(kind);
      return { object, kind, resource, number: formatNumber(number), hash, text, differences };
    });
    return observed({ applied: await Promise.all(applied), release: await releaseFact(view) });
  }

  async #differences(kind: string): Promise<Difference[]> {
    const view = this.#view();
    const text = view.state.applied(kind)?.text ?? "";
    if (kind === "images") return await verbOf(kind).differences(readWhole(kind, text).body, view);
    if (kind === "rollout") return await verbOf(kind).differences(readWhole(kind, text).body, view);
    return await verbOf("confirm").differences(readWhole("confirm", text).body, view);
  }

  /** The differences of the applied release and its confirmation. */
  async differences(): Promise<string[]> {
    const { applied } = await this.observe();
    const all = applied.flatMap(({ kind, differences }) => differences.map((one) => ({ kind, ...one })));
    return all.map(({ kind, where, expected, found }) => `${kind}: ${where}: ${expected} => ${found}`);
  }

  async fact(): Promise<ReleaseFact> {
    const fact = await releaseFact(this.#view());
    if (fact === undefined) throw new Error("there is no release");
    return fact;
  }

  /** In short: each colour as `blue live 1.0.0 verified`. */
  async colours(): Promise<string[]> {
    const { colours } = await this.fact();
    return colours.map(({ colour, state, release, verified }) =>
      [colour, state, release, verified ? "verified" : ""].join(" ").trim(),
    );
  }

  /** The colour that serves, and the other one. */
  async servingAndWarm(): Promise<Readonly<Record<"live" | "warm", Colour>>> {
    const live = (await this.fact()).colours.find(({ state }) => state === "live")?.colour;
    if (live === undefined) throw new Error("nothing serves");
    return { live, warm: otherColour(live) };
  }

  /** In short: the closing records as `run-1 verified 1.0.0`. */
  async verdicts(): Promise<string[]> {
    const { records } = await this.fact();
    const closing = records.filter(({ verdict }) => verdict !== "begun");
    return closing.map(({ run, verdict, release }) => `${run} ${verdict} ${release}`.trim());
  }

  /** The releases with which the published port of the api answers, until the signal ends the load. */
  async load(until: AbortSignal): Promise<Load> {
    const releases = new Set<string>();
    const failures: string[] = [];
    let count = 0;
    for (; !until.aborted; count += 1) {
      await this.serves().then(
        (release) => releases.add(release),
        (error: unknown) => failures.push(messageOf(error)),
      );
    }
    return { releases, failures, count };
  }

  /** The release that a published port answers with. */
  async serves(name: "api" | "web" = "api"): Promise<string> {
    const url = `http://127.0.0.1:${this.#where.ports[name]}/version`;
    const answer = await fetch(url, { headers: { connection: "close" } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${text}`);
    return text.replaceAll(/["\n]/g, "");
  }

  /** The status, and the release, of a request that takes so many milliseconds. */
  async slowly(milliseconds: number): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.#where.ports.api}/slow?ms=${milliseconds}`);
    return `${answer.status} ${answer.headers.get("x-slipway-release") ?? ""}`;
  }

  /** Waits until the proxy serves a release. */
  async follows(release: string): Promise<void> {
    await eventually(`the proxy serves ${release}`, 20, async () =>
      (await this.serves().catch(() => "")) === release ? true : undefined,
    );
  }

  /** When the containers of a service ran last, in each colour: begin and end, which is empty while they run. */
  ran(service: string): Readonly<Record<string, readonly [begin: string, end: string]>> {
    const { project } = this.#where;
    const form = "{{.Name}} {{.State.Status}} {{.State.StartedAt}} {{.State.FinishedAt}}";
    const names = ["blue", "green"].flatMap((colour) => this.containers(colour)).map((line) => line.replace(/ .*/, ""));
    const own = names.filter((name) => name.startsWith(`${service}-`)).map((name) => `${project}-${name}`);
    const lines = own.length === 0 ? [] : docker("inspect", "--format", form, ...own).split("\n");
    const times = lines.map((line) => {
      const [name = "", state = "", begin = "", end = ""] = line.slice(1).split(" ");
      const colour = /-(blue|green)/.exec(name.replace(project, ""))?.[1] ?? "";
      return [colour, [begin, state === "running" ? "" : end] as const] as const;
    });
    return Object.fromEntries(times);
  }

  /** Tells whether a service ran in both colours at the same moment, the last time that it ran in each. */
  ranAtOnce(service: string): boolean {
    const [first, second] = Object.values(this.ran(service)).sort(([one], [other]) => (one < other ? -1 : 1));
    return first !== undefined && second !== undefined && (first[1] === "" || first[1] > second[0]);
  }

  /** The containers of a colour, each with its state. */
  containers(colour: string): string[] {
    const { project } = this.#where;
    const filter = `label=com.docker.compose.project=${project}-${colour}`;
    const lines = docker("ps", "--all", "--filter", filter, "--format", "{{.Names}} {{.State}}");
    const names = lines.split("\n").filter((line) => line !== "");
    return names.map((line) => line.replace(`${project}-`, "")).sort();
  }
}

/** The containers of a colour that runs. */
export function runningIn(colour: string): string[] {
  const names = [`api-${colour}-1`, `api-${colour}-2`, `web-${colour}`, `worker-${colour}`];
  return names.map((name) => `${name} running`);
}
