import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { isMap } from "../../model/json.ts";
import { TrialRepository } from "../config/trial-repository.ts";
import { applicationWith, pathOf, roles } from "./application.ts";
import { samples } from "./samples/all.ts";
import { specifiedKeys } from "./specification.ts";
import { prepare, toldOf, type Told } from "./told.ts";

/** Keys that the stack itself decides by a key of its own, so that no line says it again. */
const decided: Readonly<Record<string, readonly string[]>> = {
  // The release document names the image of a release service.
  "services.*.image": ["moves"],
  // `ports` of the configuration names the port of the server.
  "services.*.ports[].published": roles,
  // Compose does nothing with it; slipway's proxy reads it where a release service has several ports.
  "services.*.ports[].app_protocol": roles,
  // A service with profiles is deployed if the stack names it.
  "services.*.profiles": ["moves"],
  // A link to a service that stays is a name of that service, in the networks that both join.
  "services.*.links": ["moves"],
};

const keys = [...specifiedKeys()].flatMap(([place, own]) =>
  own.map((key) => [pathOf(place, key), place, key] as const),
);

/** The lines of one list that the other one lacks. */
function added(after: readonly string[], before: readonly string[]): string[] {
  const left = [...before];
  return after.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** The keys and values inside of a value. */
function wordsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(wordsIn);
  return isMap(value) ? Object.entries(value).flatMap(([key, below]) => [key, ...wordsIn(below)]) : [String(value)];
}

/** What messages say anyway. */
const phrases = /of the compose file|the compose file|compose\.yaml|env file/g;

function mentions(line: string, words: readonly string[]): boolean {
  const text = line.replace(phrases, "");
  return words.some((word) => new RegExp(`(^|[^a-z_])${RegExp.escape(word)}($|[^a-z_])`, "i").test(text));
}

/** A line that leaves out, or refuses, all of a key. */
const leavesOut = /not used|cannot be deployed|ignores|left out|not delivered|is external/;

/** What tells of a key: lines on the server, and notes and problems that name it, its value, or a key around it. */
function evidence(path: string, value: unknown, { before, after }: Change): Record<string, string[]> {
  const [key = "", ...around] = path.split(/[.[\]*]+/).reverse();
  // The kind of a resource does not tell which one is meant.
  const enclosing = path.startsWith("models") ? around : around.slice(0, -1);
  const words = [key, "4711", "seen", ...wordsIn(value)];
  const fresh = (list: keyof Told): string[] =>
    [...added(after[list], before[list]), ...added(before[list], after[list])].filter((line) => mentions(line, words));
  const whole = [...after.notes, ...after.problems].filter(
    (line) => leavesOut.test(line) && mentions(line, [key, ...enclosing]),
  );
  const messages = [...fresh("notes"), ...fresh("problems"), ...whole];
  if (!path.startsWith("services.*")) return { file: [...fresh("common"), ...fresh("shared"), ...messages] };
  const about = (role: string): string[] => messages.filter((line) => line.includes(role));
  return { stays: [...fresh("shared"), ...about("stays")], moves: [...fresh("release"), ...about("moves")] };
}

/** What is told without a key and with it. */
interface Change {
  readonly before: Told;
  readonly after: Told;
}

describe("the samples", () => {
  it("stand in an application that has no problem itself", async () => {
    const repository = new TrialRepository();
    onTestFinished(() => repository.remove());
    prepare(repository);
    expect((await toldOf(repository, applicationWith("services.*", {}))).problems).toEqual([]);
  });

  it("have each key of the Compose specification, and no other", () => {
    const own = Object.entries(samples).flatMap(([place, { keys }]) =>
      Object.keys(keys).map((key) => pathOf(place, key)),
    );
    expect(own.sort()).toEqual(keys.map(([path]) => path).sort());
  });
});

describe("each key of the Compose specification is on a server, or told, never dropped in silence (F142)", () => {
  const repository = new TrialRepository();
  const read = new Map<string, Promise<Told>>();
  beforeAll(() => prepare(repository));
  afterAll(() => repository.remove());

  async function told(place: string, value: unknown): Promise<Told> {
    const above = samples[place]?.above;
    const text = applicationWith(place, value, above === undefined ? undefined : parse(above));
    const known = read.get(text) ?? toldOf(repository, text);
    read.set(text, known);
    return await known;
  }

  it.each(keys)("%s", async (path, place, key) => {
    const { base = "{}", bases = {}, keys: values = {} } = samples[place] ?? {};
    const beside = z.record(z.string(), z.unknown()).parse(parse(bases[key] ?? base));
    const value: unknown = parse(values[key] ?? "");
    const before = await told(place, beside);
    const after = await told(place, { ...beside, [key]: value });
    const found = evidence(path, value, { before, after });
    const silent = Object.keys(found).filter((role) => found[role]?.length === 0);
    expect(silent, [...after.problems, ...after.notes].join("\n")).toEqual(decided[path] ?? []);
  });
});
