import type { ColourFact, ReleaseFact, RunRecord } from "../../../../model/facts/release/release.ts";

const idle = { state: "idle", release: "", commit: "", hash: "", since: "", verified: false } as const;

/** A colour with the facts of a test. */
export function colourFact(colour: ColourFact["colour"], also: Partial<ColourFact> = {}): ColourFact {
  return { colour, ...idle, ...also };
}

/** A record of a verified release with the facts of a test. */
export function verifiedRecord(also: Partial<RunRecord> = {}): RunRecord {
  const about = { run: "run-1", time: "2026-01-01T00:00:00Z", holder: "ada", job: "", why: "" };
  const release = { release: "1.0.0", commit: "", images: {}, hash: "a".repeat(64), phases: {} };
  const database = { before: "", after: "" };
  const said = { schema: "", contract: false, buildArguments: {}, database };
  return { ...about, verdict: "verified", ...release, ...said, ...also };
}

/** The facts of a release that serves in blue and was verified. */
export function verifiedFact(record: Partial<RunRecord> = {}, also: Partial<ReleaseFact> = {}): ReleaseFact {
  const verified = verifiedRecord(record);
  const { release, hash, time: since } = verified;
  const live = colourFact("blue", { state: "live", release, hash, since, verified: true });
  return {
    colours: [live, colourFact("green")],
    holds: [],
    verified,
    records: [verified],
    damage: [],
    schemas: [],
    missingImages: [],
    ...also,
  };
}
