import { createHash } from "node:crypto";
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** The file in a tool's folder with the sums of its commands. */
const sumsName = ".sums";

const sumsSchema = z.record(z.string(), z.object({ sha256: z.string(), size: z.number(), modified: z.number() }));

type Sums = z.output<typeof sumsSchema>;

/** Writes the sums of a tool's commands, which are paths below its folder. */
export function writeSums(folder: string, commands: readonly string[]): void {
  const sums: Sums = Object.fromEntries(commands.map((path) => [path, sumOf(join(folder, path))]));
  const fresh = join(folder, `${sumsName}.${process.pid}`);
  writeFileSync(fresh, JSON.stringify(sums));
  renameSync(fresh, join(folder, sumsName));
}

/**
 * Tells whether a tool's commands are as they were installed. In a CI job their content is read, since the cache comes
 * from elsewhere; Pulumi's 104 MB took 0.5 s on a busy machine with two cores. On a machine of one's own, size and time
 * must be the same.
 */
export function areAsInstalled(folder: string, commands: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  const inCi = (environment["CI"] ?? "") !== "";
  const sums = readSums(folder) ?? {};
  return commands.every((path) => {
    const known = sums[path];
    if (known === undefined) return false;
    const file = join(folder, path);
    const { size, mtimeMs } = statSync(file);
    return size === known.size && (inCi ? sha256Of(file) === known.sha256 : mtimeMs === known.modified);
  });
}

function readSums(folder: string): Sums | undefined {
  try {
    return sumsSchema.parse(JSON.parse(readFileSync(join(folder, sumsName), "utf8")));
  } catch {
    return undefined;
  }
}

function sumOf(file: string): Sums[string] {
  const { size, mtimeMs } = statSync(file);
  return { sha256: sha256Of(file), size, modified: mtimeMs };
}

function sha256Of(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
