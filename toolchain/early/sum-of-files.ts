import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** A packed slipway has none, since npm packs no lock files. */
export const lockFile = "package-lock.json";

/**
 * Sums up by what a changed or replaced source differs, as Git does. To read all of them takes 40 ms, for which a run
 * would wait. The lock file stands for the packages.
 */
export function sumOfSources(checkout: string, folders: readonly string[], files: readonly string[] = []): string {
  const sum = createHash("sha256");
  for (const name of [...folders.flatMap((folder) => sourcesIn(checkout, folder)), ...files, lockFile]) {
    const path = join(checkout, name);
    if (!existsSync(path)) continue;
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
    sum.update(`${[name, dev, ino, size, mtimeMs, ctimeMs].join(" ")}\n`);
  }
  return sum.digest("hex").slice(0, 16);
}

function sourcesIn(checkout: string, folder: string): readonly string[] {
  return readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => join(folder, name));
}
