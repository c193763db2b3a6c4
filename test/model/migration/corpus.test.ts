import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadGrammar } from "../../../config/migrations/grammar.ts";
import { checkMigrations } from "../../../model/migration/migration.ts";
import { readMarkedSets, verdictsFound } from "./marked.ts";

const grammar = await loadGrammar();
const corpus = readMarkedSets(join(import.meta.dirname, "corpus"));
const unseen = readMarkedSets(join(import.meta.dirname, "unseen"));

describe("D4: the corpus of migrations, which was written before the check (C4)", () => {
  it("has at least 80 migrations", () => {
    expect(corpus.length).toBeGreaterThanOrEqual(80);
  });

  it.each(corpus)("has the findings that its lines say, and no other: $name", ({ files, verdicts }) => {
    expect(verdictsFound(checkMigrations(files, { grammar }))).toEqual(verdicts);
  });
});

describe("D4: migrations that were written after the check, before it had read them (C4)", () => {
  it("are at least 20", () => {
    expect(unseen.length).toBeGreaterThanOrEqual(20);
  });

  it.each(unseen)("have the findings that their lines say, and no other: $name", ({ files, verdicts }) => {
    expect(verdictsFound(checkMigrations(files, { grammar }))).toEqual(verdicts);
  });
});
