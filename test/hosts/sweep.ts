import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerList } from "./engine.ts";
import { isGone } from "./owner.ts";
import { cleanRun, ownerLabel, runLabel } from "./run.ts";

/** Removes the remains of runs whose owner is gone and whose keeper was killed. Other runs are not touched. */
export async function sweepDeadRuns(): Promise<readonly string[]> {
  const dead = [...(await knownRuns())].filter(([, owner]) => isGone(owner)).map(([id]) => id);
  for (const id of dead) await cleanRun(id);
  return dead;
}

/** All runs of this machine with their owners, from the engine's labels and the runs' folders. */
async function knownRuns(): Promise<ReadonlyMap<string, string>> {
  const format = `{{.Label "${runLabel}"}} {{.Label "${ownerLabel}"}}`;
  const list = (words: readonly string[]) =>
    dockerList([...words, "--filter", `label=${runLabel}`, "--format", format]);
  const labelled = await Promise.all([list(["ps", "-a"]), list(["volume", "ls"]), list(["network", "ls"])]);
  const runs = labelled.flat().flatMap((line) => {
    const blank = line.indexOf(" ");
    return blank < 0 ? [] : [[line.slice(0, blank), line.slice(blank + 1)] as const];
  });
  return new Map([...runs, ...foldersOfRuns()]);
}

function foldersOfRuns(): readonly (readonly [string, string])[] {
  const prefix = "slipway-hosts-";
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(prefix) && !name.includes("."));
  return names.flatMap((name) => {
    try {
      return [[name.slice(prefix.length), readFileSync(join(tmpdir(), name, "owner"), "utf8")] as const];
    } catch {
      // A run is just creating or removing a folder that has no owner.
      return [];
    }
  });
}
