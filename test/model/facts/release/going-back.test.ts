import { describe, expect, it } from "vitest";
import {
  allowedReleases,
  nothingSaid,
  pastReleases,
  releaseToGoBackTo,
  schemaRefusal,
  type BackOptions,
} from "../../../../model/facts/release/going-back.ts";
import type { ReleaseFact, RunRecord, SchemaStep } from "../../../../model/facts/release/release.ts";
import { colourFact, verifiedFact, verifiedRecord } from "./released.ts";

const images = { web: "shop/web@sha256:1" };

function verified(release: string, also: Partial<RunRecord> = {}): RunRecord {
  const hash = release.padEnd(64, "0");
  return verifiedRecord({ run: `run-${release}`, release, commit: `c${release}`, hash, images, ...also });
}

/** The facts after these records, of which the last verified release serves. */
function after(records: readonly RunRecord[], also: Partial<ReleaseFact> = {}): ReleaseFact {
  const { release, commit, hash } = records.findLast(({ verdict }) => verdict === "verified") ?? verifiedRecord();
  const live = colourFact("blue", { state: "live", release, commit, hash, verified: true });
  return verifiedFact({}, { records, colours: [live, colourFact("green")], ...also });
}

function step(schema: string, also: Partial<SchemaStep> = {}): SchemaStep {
  return { schema, named: true, contract: false, release: `of ${schema}`, run: "", ...also };
}

function target(known: ReleaseFact, asked?: string, options: BackOptions = nothingSaid): string {
  const found = releaseToGoBackTo(known, asked, options);
  if ("record" in found) return found.record.release;
  const { path, what, todo } = found.problem;
  return `${path}: ${what}; ${todo}`;
}

const hold = { release: "2", by: "watch", who: "", why: "500", since: "2026-01-02T00:00:00Z" };

describe("the release to go back to", () => {
  it("is the verified one before the release that serves, whatever failed in between (B5)", () => {
    const failed = verified("4", { verdict: "failed", images: {}, hash: "" });
    expect(target(after([verified("1"), verified("2"), failed, verified("3"), failed]))).toBe("2");
  });

  it("is never one that came later: a second rollback goes further back", () => {
    const [one, two, three] = [verified("1"), verified("2"), verified("3")];
    expect(target(after([one, two, three, two]))).toBe("1");
    expect(target(after([one, two, three, one]))).toBe(
      "slipway rollback: there is no verified release before the one that serves; `--to` may name 3, 2",
    );
  });

  it("is never one that is held", () => {
    const held = { ...hold, hash: verified("2").hash };
    expect(target(after([verified("1"), verified("2"), verified("3")], { holds: [held] }))).toBe("1");
  });

  it("may be named by its version or by its run", () => {
    const known = after([verified("1"), verified("2"), verified("3")]);
    expect([target(known, "1"), target(known, "run-2")]).toEqual(["1", "2"]);
  });

  it("counts a release to which a person switched back", () => {
    const back = verified("1", { verdict: "switched back", run: "run-9" });
    expect(allowedReleases(after([verified("1"), verified("2"), back])).map(({ run }) => run)).toEqual(["run-9"]);
  });
});

describe("a release to go back to is rejected, with those that are allowed (F59)", () => {
  const ways = "`--to` may name 2, 1";
  const records = [verified("1"), verified("2"), verified("3")];

  it.each([
    [
      "that serves already",
      after(records),
      "3",
      `cannot go back to 3 of 2026-01-01T00:00:00Z: it serves already; ${ways}`,
    ],
    ["that no record names", after(records), "9", `no record names such a release, got '9'; ${ways}`],
    [
      "that was never verified",
      after([
        verified("0", { verdict: "failed", images: {}, why: "'web' answered 500" }),
        verified("0", { verdict: "resumed", images: {}, why: "resumed by ada" }),
        ...records,
      ]),
      "0",
      `0 was never verified; its run of 2026-01-01T00:00:00Z ended as 'failed': 'web' answered 500; ${ways}`,
    ],
    [
      "that is held",
      after(records, { holds: [{ ...hold, hash: verified("2").hash }] }),
      "2",
      "cannot go back to 2 of 2026-01-01T00:00:00Z: '2' is held by watch since 2026-01-02T00:00:00Z: 500; " +
        "`slipway resume 2` lets it be deployed again; `--to` may name 1",
    ],
    [
      "whose record was cut, so that nobody knows its images",
      after([verified("1", { images: {} }), verified("2"), verified("3")]),
      "1",
      "the record of 1 of 2026-01-01T00:00:00Z names no images, so nothing tells what to deploy; `--to` may name 2",
    ],
  ])("%s", (_what, known, asked, message) => {
    expect(target(known, asked)).toBe(`--to: ${message}`);
  });

  it("that is warm after failed releases migrated the database, with the way that needs no document (E5)", () => {
    const one = verified("1");
    const schemas = [1, 2].map((at) => step(`web@${at}`, { named: false, release: `bad ${at}` }));
    const live = colourFact("blue", { state: "live", release: "2", verified: true, hash: verified("2").hash });
    const colours = [live, colourFact("green", { state: "warm", release: "1", hash: one.hash, verified: true })];
    expect(target(after([one, verified("2")], { schemas, colours }), "1")).toMatch(
      /add --schema-compatible if you know that 1 works with it; `slipway switch-back` goes back to 1$/,
    );
  });

  it("whose image is gone from the server and its registry", () => {
    const options = { ...nothingSaid, goneImages: ["shop/web@sha256:0"] };
    const known = after([verified("1", { images: { web: "shop/web@sha256:0" } }), verified("2"), verified("3")]);
    expect(target(known, "1", options)).toContain("'shop/web@sha256:0' is neither on the server nor in its registry");
    expect(pastReleases(known, options).map(({ refusal }) => refusal === undefined)).toEqual([false, true, false]);
  });
});

describe("the schema rule (F60)", () => {
  const known = [step("s1"), step("s2"), step("s3")];
  const migrated = [step("web@1", { named: false, release: "1" }), step("web@2", { named: false, release: "2" })];

  it.each([
    ["of no database at all", "", [], undefined],
    ["verified with the schema of now", "s3", known, undefined],
    ["verified with the one before", "s2", known, undefined],
    ["of two schemas before", "s1", known, "the database has changed 2 times since: 's2' (of s2), 's3' (of s3)"],
    [
      "before a contract",
      "s2",
      [...known.slice(0, 2), step("s3", { contract: true })],
      "schema 's3' of release of s3 does not work with earlier releases (contract)",
    ],
    ["of the schema of a contract itself", "s3", [step("s2"), step("s3", { contract: true })], undefined],
    ["from before the first schema", "", [step("s1")], undefined],
    ["before one migration that no schema describes", "web@1", migrated, undefined],
    [
      "before two migrations that no schema describes",
      "",
      migrated,
      "2 releases have migrated the database since: 1, 2; add --schema-compatible if you know that 1.0 works with it",
    ],
    [
      "of a schema that the server does not remember",
      "s0",
      known,
      "it is not known which changes of the database came after it; " +
        "add --schema-compatible if you know that 1.0 works with it",
    ],
  ])("on a release %s", (_what, schema, steps, refusal) => {
    const record = { release: "1.0", database: { before: "", after: schema } };
    expect(schemaRefusal(record, steps, nothingSaid)).toBe(refusal);
    const isOpinion = refusal?.includes("--schema-compatible") === true;
    expect(schemaRefusal(record, steps, { schemaCompatible: true })).toBe(isOpinion ? undefined : refusal);
  });
});
