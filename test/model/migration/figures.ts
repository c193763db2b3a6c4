/** Prints what the check misses and what it finds for nothing: `node test/model/migration/figures.ts`. */
import { join } from "node:path";
import { loadGrammar } from "../../../config/migrations/grammar.ts";
import { checkMigrations } from "../../../model/migration/migration.ts";
import { readMarkedSets, verdictsFound } from "./marked.ts";

const grammar = await loadGrammar();

for (const name of ["corpus", "unseen"]) {
  const sets = readMarkedSets(join(import.meta.dirname, name)).map(({ files, verdicts }) => {
    const found = verdictsFound(checkMigrations(files, { grammar }));
    const misses = verdicts.filter((verdict) => !found.includes(verdict));
    return { verdicts, misses, alarms: found.filter((one) => !verdicts.includes(one)) };
  });
  const [verdicts, misses, alarms] = (["verdicts", "misses", "alarms"] as const).map((key) =>
    sets.flatMap((set) => set[key]),
  );
  const lines = [
    ...(misses ?? []).map((one) => `missed: ${one}`),
    ...(alarms ?? []).map((one) => `false alarm: ${one}`),
    `${name}: ${sets.length} migrations with ${verdicts?.length ?? 0} findings, ` +
      `${misses?.length ?? 0} missed, ${alarms?.length ?? 0} false alarms`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
