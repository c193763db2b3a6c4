import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { Colours, type ColourEntry } from "../../../host/colours/colours.ts";
import type { RoutesHead } from "../../../host/colours/routes.ts";
import { documentHash, writeDocument } from "../../../model/document/writer.ts";
import { testServer } from "../verbs/server.ts";

const place = { directory: "/srv/shop", project: "shop" };
const hash = (letter: string): string => letter.repeat(64);

function entry(release: string, letter: string, also: Partial<ColourEntry> = {}): ColourEntry {
  const made = hash(letter);
  const told = { release, commit: "", hash: made, made, number: "1.a", since: "2026-01-01T00:00:00Z", run: "run-1" };
  return { state: "starting", verified: false, ...told, ...also };
}

function head(colour: RoutesHead["colour"], release: string, letter: string): RoutesHead {
  return { colour, release, generation: `1767225600-1.a-${hash(letter).slice(0, 12)}` };
}

function trial(head?: RoutesHead) {
  const { state } = testServer().work("rollout");
  return { state, read: (now = head): Colours => Colours.read(state, place, now) };
}

describe("the colours of a release", () => {
  it("are what the verbs said of them", () => {
    const { read } = trial();
    read().set("blue", entry("1.0.0", "a"));
    read().setLive("blue", { verified: true });
    read().set("green", entry("2.0.0", "b"));
    expect(read().live).toBe("blue");
    expect(read().of("green")).toMatchObject({ state: "starting", release: "2.0.0" });
    read().setLive("green");
    expect([read().of("blue")?.state, read().of("green")?.state]).toEqual(["warm", "live"]);
    read().clear("blue");
    expect(read().of("blue")).toBeUndefined();
  });

  it("follow the routes, when a run died between the switch and its note (F11, F58)", () => {
    const { read } = trial();
    read().set("blue", entry("1.0.0", "a", { state: "live", verified: true }));
    read().set("green", entry("2.0.0", "b"));
    const after = read(head("green", "2.0.0", "b"));
    expect(after.live).toBe("green");
    expect(after.of("blue")).toMatchObject({ state: "warm", verified: true });
    expect(after.of("green")).toMatchObject({ state: "live", hash: hash("b"), verified: false });
  });

  it("never keep a release warm that was not verified", () => {
    const { read } = trial();
    read().set("blue", entry("1.0.0", "a", { state: "live" }));
    read().set("green", entry("2.0.0", "b"));
    expect(read(head("green", "2.0.0", "b")).of("blue")?.state).toBe("starting");
  });

  it("are told by the routes alone when the memory is lost, and never blue by default (F95)", () => {
    const { read } = trial(head("green", "2.0.0", "b"));
    expect(read().live).toBe("green");
    const told = {
      release: "2.0.0",
      number: "1.a",
      since: "2026-01-01T00:00:00Z",
      verified: false,
      made: "bbbbbbbbbbbb",
      hash: "",
    };
    expect(read().of("green")).toMatchObject({ state: "live", ...told });
    expect(read().of("blue")).toBeUndefined();
    expect(trial().read().live).toBeUndefined();
  });

  it("are those of the applied document when the memory is lost and the routes name it", () => {
    const service = { image: "x", deadline: "60", gate: { answers: "3", seconds: "1", interval: "0.2" }, volumes: {} };
    const body = {
      ...{ ...place, release: "2.0.0", compose: Buffer.from("a\n"), routes: Buffer.from("b\n"), files: {} },
      ...{ env: { ".env": { staged: "env", entries: {} } }, services: { api: service }, entryPoints: {}, watch: "5" },
      made: hash("c"),
    };
    const document = { kind: "rollout", resource: "rollout", body };
    const made = documentHash(document);
    const number = { order: 7, attempt: "b" };
    const { state, read } = trial({ colour: "green", release: "2.0.0", generation: `1-7.b-${hash("c").slice(0, 12)}` });
    const text = writeDocument(document, number);
    state.writeApplied({ object: "rollout", resource: "rollout", kind: "rollout", number, hash: made, text });
    expect(read().of("green")).toMatchObject({ state: "live", hash: made, number: "7.b", made: hash("c") });
    expect(read().of("green")?.checks).toMatchObject({ watch: 5, services: { api: { deadline: 60 } } });
    expect(Colours.placeOf(state)).toMatchObject(place);
  });
});
