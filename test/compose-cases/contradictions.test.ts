import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { read } from "../model/compose/trial.ts";
import { composeVersions, type Compose } from "./case/compose.ts";
import { contradictions } from "./contradictions.ts";

/** What slipway says of a file. */
function problemsOf(file: string): readonly string[] {
  return read(file, { files: { "x.txt": "x" }, complete: true }).problems;
}

describe("what Compose refuses is a problem of the plan", () => {
  let versions: readonly Compose[];
  let folder: string;
  beforeAll(async () => {
    versions = await composeVersions();
    folder = mkdtempSync(join(tmpdir(), "slipway-contradictions-"));
    writeFileSync(join(folder, "x.txt"), "x");
    writeFileSync(join(folder, ".env"), "");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(contradictions)("%j", async (_, file) => {
    writeFileSync(join(folder, "compose.yaml"), file);
    const request = { folder, files: ["compose.yaml"], project: "p", envFile: join(folder, ".env") };
    const theirs = await Promise.all(versions.map(async (compose) => await compose.config(request)));
    expect(theirs.filter((result) => !("refusal" in result))).toEqual([]);
    expect(problemsOf(file)).not.toEqual([]);
  });

  test("is told in the words of contradictions.txt", async () => {
    const told = contradictions.map(([what, file]) => [what, ...problemsOf(file).map((one) => `  ${one}`)].join("\n"));
    await expect(`${told.join("\n\n")}\n`).toMatchFileSnapshot("contradictions.txt");
  });
});
