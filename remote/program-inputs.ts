import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The lock file's name. A packed slipway has none, since npm packs no lock files. */
export const lockFile = "package-lock.json";

/** Sums up everything that a bundle of the host program is made from: its sources, and the versions of packages. */
export function sumOfInputs(checkout: string): string {
  const sum = createHash("sha256");
  for (const name of [...sourcesIn(checkout, "host"), ...sourcesIn(checkout, "model"), lockFile]) {
    const file = join(checkout, name);
    if (existsSync(file)) sum.update(`\f${name}\n`).update(readFileSync(file));
  }
  return sum.digest("hex");
}

function sourcesIn(checkout: string, folder: string): readonly string[] {
  return readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => join(folder, name));
}
