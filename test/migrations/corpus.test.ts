import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadGrammar } from "../../config/migrations/grammar.ts";
import { checkMigrations } from "../../model/migration/migration.ts";
import { readMarkedSets, verdictsFound } from "./marked.ts";

const sets = readMarkedSets(join(import.meta.dirname, "corpus"));
const grammar = await loadGrammar();

describe("C4 D4 the corpus of migrations, whose verdicts were written before the check", () => {
  it("has at least 80 migrations", () => {
    expect(sets.length).toBeGreaterThanOrEqual(80);
  });

  it.each(sets)("has the findings that its lines say, and no other: $name", ({ files, verdicts }) => {
    expect(verdictsFound(checkMigrations(files, { grammar }))).toEqual(verdicts);
  });
});
