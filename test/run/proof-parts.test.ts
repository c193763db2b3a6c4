import { globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkout } from "../../toolchain/paths.ts";
import { proofParts } from "./proof-parts.ts";

const files = globSync("test/real/**/*.test.ts", { cwd: checkout });
const parts = Object.entries(proofParts);

describe("the parts of the proof", () => {
  it("hold every test on real servers, for root", () => {
    expect(files).toContain(join("test", "real", "stack", "kills.test.ts"));
    const usual = parts.filter(([, { user, local }]) => user === undefined && local === undefined);
    const ofRoot = usual.flatMap(([, { tests }]) => tests);
    expect(files.filter((file) => !ofRoot.some((filter) => file.includes(filter)))).toEqual([]);
  });

  it("name only tests that are there", () => {
    const filters = parts.flatMap(([, { tests }]) => tests);
    expect(filters.filter((filter) => !files.some((file) => file.includes(filter)))).toEqual([]);
  });
});
