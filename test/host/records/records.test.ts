import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyRecord, Records } from "../../../host/records/records.ts";
import type { RunRecord } from "../../../model/facts/release/release.ts";
import { testServer } from "../verbs/server.ts";

function record(run: string, verdict: RunRecord["verdict"], release = ""): RunRecord {
  return { ...emptyRecord, run, verdict, release, time: "2026-01-01T00:00:00Z" };
}

function opened() {
  const { places } = testServer().work("rollout");
  return { records: new Records(places), path: join(places.stackState, "records") };
}

describe("the records of a stack's runs", () => {
  it("are kept in their order, each with the sum of the one before", () => {
    const { records, path } = opened();
    records.append(record("1", "begun"));
    records.append(record("1", "verified", "1.0.0"));
    records.append(record("2", "begun"));
    expect(records.read()).toMatchObject({ damage: [] });
    expect(records.all().map(({ run, verdict }) => `${run} ${verdict}`)).toEqual(["1 begun", "1 verified", "2 begun"]);
    const sums = readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ", 2));
    expect(sums[0]?.[0]).toBe("0".repeat(64));
    expect(sums[1]?.[0]).toBe(sums[0]?.[1]);
    expect(sums[2]?.[0]).toBe(sums[1]?.[1]);
  });

  it("tell the runs that left no closing record", () => {
    const { records } = opened();
    for (const run of ["1", "2", "3"]) records.append(record(run, "begun"));
    records.append(record("2", "failed"));
    expect(records.open().map(({ run }) => run)).toEqual(["1", "3"]);
    expect([records.isClosed("2"), records.isClosed("3")]).toEqual([true, false]);
    expect(records.begun("3")?.verdict).toBe("begun");
  });

  it("skip a line that somebody changed, tell it, and go on after it (F95)", () => {
    const { records, path } = opened();
    for (const run of ["1", "2", "3"]) records.append(record(run, "done"));
    writeFileSync(path, readFileSync(path, "utf8").replace('"run":"2"', '"run":"9"'));
    expect(records.all().map(({ run }) => run)).toEqual(["1", "3"]);
    expect(records.read().damage).toEqual([
      `line 2 of '${path}' is damaged, and is skipped`,
      `line 3 of '${path}' does not follow the line before it`,
    ]);
    records.append(record("4", "done"));
    expect(records.all().map(({ run }) => run)).toEqual(["1", "3", "4"]);
  });

  it("tell that a line is missing", () => {
    const { records, path } = opened();
    for (const run of ["1", "2", "3"]) records.append(record(run, "done"));
    const [first, , third] = readFileSync(path, "utf8").split("\n");
    writeFileSync(path, `${first ?? ""}\n${third ?? ""}\n`);
    expect(records.read().damage).toEqual([`line 2 of '${path}' does not follow the line before it`]);
  });

  it("go on after a line that a power cut left without its end", () => {
    const { records, path } = opened();
    records.append(record("1", "begun"));
    appendFileSync(path, "0123 half a li");
    records.append(record("2", "begun"));
    expect(records.all().map(({ run }) => run)).toEqual(["1", "2"]);
    expect(records.read().damage).toEqual([`line 2 of '${path}' is damaged, and is skipped`]);
  });
});
