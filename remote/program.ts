import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../model/problem.ts";
import { lockFile, sumOfSources } from "../toolchain/early/sum-of-files.ts";
import { checkout as ownCheckout, localDirectory } from "../toolchain/paths.ts";
import { bundleProgram } from "./bundle.ts";

/** The program that runs on servers, as one file. */
export interface HostProgram {
  readonly text: string;
  /** Sum of the text, which is also the program's name on servers. */
  readonly sha256: string;
}

/** The folders of a slipway. Tests have their own. */
interface ProgramPlace {
  readonly checkout: string;
  readonly cache: string;
}

/** What runs as root on servers is kept in the checkout itself, never in a cache that other jobs fill (SEC-B12). */
const own: ProgramPlace = { checkout: ownCheckout, cache: localDirectory };

/**
 * The host program of this slipway. In a checkout it is bundled from the sources, once for each state of them; a packed
 * slipway has no lock file, and runs the bundle that was packed with it.
 */
export async function hostProgram({ checkout, cache }: ProgramPlace = own): Promise<HostProgram> {
  if (!existsSync(join(checkout, lockFile))) return readPacked(packedBundle(checkout));
  const folder = join(cache, "program");
  const file = join(folder, `${sumOfSources(checkout, ["host", "model"])}.cjs`);
  return readCached(file) ?? writeCached(folder, file, programOf(await bundleProgram(checkout)));
}

/** The bundle in a packed slipway, which the script `prepack` makes. */
export function packedBundle(checkout: string): string {
  return join(checkout, "host", "bundle", "slipway.cjs");
}

function readPacked(file: string): HostProgram {
  if (existsSync(file)) return programOf(readFileSync(file, "utf8"));
  // The checkout's own .npmrc lets npm run no scripts.
  const todo = "pack slipway again, with `npm pack --ignore-scripts=false`";
  throw new UserError({ path: file, what: "is missing in this package", todo });
}

/** A program by its text. */
export function programOf(text: string): HostProgram {
  return { text, sha256: createHash("sha256").update(text).digest("hex") };
}

/** Reads a cached bundle. Its last line is the sum of all before, so that a damaged file is not used. */
function readCached(file: string): HostProgram | undefined {
  if (!existsSync(file)) return undefined;
  const stored = readFileSync(file, "utf8");
  const end = stored.lastIndexOf("\n// ");
  const program = programOf(stored.slice(0, end + 1));
  return stored.slice(end + 1) === `// ${program.sha256}` ? program : undefined;
}

/** Writes a bundle into the cache, in one step, since another run may do the same. */
function writeCached(folder: string, file: string, program: HostProgram): HostProgram {
  mkdirSync(folder, { recursive: true });
  const draft = join(folder, `${randomUUID()}.draft`);
  writeFileSync(draft, `${program.text}// ${program.sha256}`);
  renameSync(draft, file);
  return program;
}
