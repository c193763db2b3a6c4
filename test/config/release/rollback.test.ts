import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { rollbackVariable } from "../../../config/plan-variables.ts";
import { readSaidRelease, rollbackText } from "../../../config/release/rollback.ts";
import { releaseOfRecord } from "../../../model/plan/last-release.ts";
import { verifiedRecord } from "../../model/facts/release/released.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-record-"));
const file = join(folder, "record.json");
afterAll(() => rmSync(folder, { recursive: true }));

const image = `registry.test/web@sha256:${"1".repeat(64)}`;
const record = verifiedRecord({
  ...{ release: "1.0.0", commit: "abcdef0", images: { web: image, "slipway-proxy": image } },
  ...{ schema: "7", contract: true, buildArguments: { A: { value: "b", environment: true } } },
});

function read(text: string, name = "shop/live") {
  writeFileSync(file, text);
  const place = { name, file: "release.json", text: () => "not read" };
  return readSaidRelease(place, { [rollbackVariable]: file });
}

describe("the record of a rollback", () => {
  it("takes the place of the release document, which is not read", () => {
    const text = rollbackText({ stack: "shop/live", record, schemaCompatible: true });
    expect(read(text)).toEqual({ release: undefined, rollback: { record, schemaCompatible: true }, problems: [] });
  });

  it("gives the release document that it was made from (C2)", () => {
    expect(releaseOfRecord(record)).toEqual({
      version: "1.0.0",
      commit: "abcdef0",
      images: { web: image },
      schema: { head: "7", contract: true },
      buildArguments: { A: { value: "b", environment: true } },
    });
    expect(releaseOfRecord(verifiedRecord({ release: "2", commit: "", images: {} }))).toEqual({
      version: "2",
      images: {},
    });
  });

  it("is rejected if it is of another stack, or was cut", () => {
    const text = rollbackText({ stack: "shop/live", record, schemaCompatible: false });
    const [other] = read(text, "shop/test").problems;
    expect(other?.what).toBe("names a record of another stack, got 'shop/live' for shop/test");
    const [cut] = read(text.slice(0, -20)).problems;
    expect(cut?.what).toBe(`names no record of a release, got '${file}'`);
  });
});
