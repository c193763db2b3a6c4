import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { composeVersions, type Compose } from "./case/compose.ts";
import { runCase } from "./case/result.ts";
import { faultLines } from "./case/table.ts";
import { anyApplication } from "./property/application.ts";
import { CaseFolder } from "./property/case-folder.ts";

/** A run takes about a second. */
const numRuns = Number(process.env["SLIPWAY_COMPOSE_RUNS"] ?? 10);

let versions: readonly Compose[];
beforeAll(async () => {
  versions = await composeVersions();
});

test("a random compose file is rendered to what Compose reads the same", { timeout: 3_600_000 }, async () => {
  const seed = Number(process.env["SLIPWAY_COMPOSE_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`random compose files: ${numRuns}, SLIPWAY_COMPOSE_SEED=${seed}\n`);
  const carried = fc.asyncProperty(anyApplication, async (application) => {
    using folder = new CaseFolder(application);
    const result = await runCase(folder.name, folder.cases, versions, () => undefined);
    expect(faultLines(result)).toEqual([]);
  });
  await fc.assert(carried, { numRuns, seed });
});
