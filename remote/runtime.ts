import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { z } from "zod";
import { parseJson } from "../model/json.ts";
import { checkout as ownCheckout, localDirectory } from "../toolchain/paths.ts";
import { readRuntimePackages, type Architecture, type RuntimePackages } from "./runtime-packages.ts";
import { nodeBinary } from "./node-binary.ts";

/** A runtime for servers, packed for the way there. */
export interface Runtime {
  /** The gzipped binary. */
  readonly packed: Uint8Array;
  /** Sum of the binary itself. */
  readonly sha256: string;
}

/** The folders of a slipway, the environment of npm, and a listener for what takes long. Tests have their own. */
export interface RuntimePlace {
  readonly checkout: string;
  readonly cache: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** Of Node 24 for x64 (127 MB), level 6 made 45.7 MB in 3.3 s, level 1 49.9 MB in 2.1 s, and level 9 45.6 in 9.3 s. */
const level = 6;

const sumsSchema = z.object({ packed: z.string(), binary: z.string() });

/**
 * The Node binaries that run the host program, by architecture of a server. They are kept in the checkout itself, never
 * in a cache that other jobs fill (SEC-B12).
 */
export class Runtimes {
  readonly #place: RuntimePlace;
  readonly #packages: RuntimePackages;

  constructor(place: Pick<RuntimePlace, "environment" | "say"> & Partial<RuntimePlace>) {
    this.#place = { checkout: ownCheckout, cache: localDirectory, ...place };
    this.#packages = readRuntimePackages(this.#place.checkout);
  }

  /** The version of Node, the same for every architecture. */
  get version(): string {
    return this.#packages.x64.version;
  }

  /** The runtime for an architecture. It is packed once for a version, and kept in the cache. */
  async get(architecture: Architecture): Promise<Runtime> {
    const folder = join(this.#place.cache, "runtime");
    const file = join(folder, `node-${this.version}-${architecture}.gz`);
    const cached = await readCached(file);
    if (cached !== undefined) return cached;
    mkdirSync(folder, { recursive: true });
    await this.#pack(architecture, file);
    const packed = await readCached(file);
    if (packed === undefined) throw new Error(`${file}: is damaged right after it was written; is its disk full?`);
    return packed;
  }

  /** Packs a binary. Two runs may do so at once: each has drafts of its own, and both come to the same bytes. */
  async #pack(architecture: Architecture, file: string): Promise<void> {
    const draft = `${file}.${randomUUID()}.draft`;
    try {
      using binary = await nodeBinary(architecture, this.#packages[architecture], this.#place);
      this.#place.say(`runtime: packs Node ${this.version} for servers (${architecture}), once`);
      await pipeline(createReadStream(binary.file), createGzip({ level }), createWriteStream(draft));
      const sums = { packed: await sumOf(draft), binary: await sumOf(binary.file) };
      renameSync(draft, file);
      writeFileSync(draft, JSON.stringify(sums));
      renameSync(draft, sumsOf(file));
    } finally {
      rmSync(draft, { force: true });
    }
  }
}

function sumsOf(file: string): string {
  return `${file}.json`;
}

/** Reads a packed runtime; undefined if it is not there, or not as it was written. */
async function readCached(file: string): Promise<Runtime | undefined> {
  if (!existsSync(file) || !existsSync(sumsOf(file))) return undefined;
  const sums = sumsSchema.safeParse(parseJson(await readFile(sumsOf(file), "utf8")));
  const packed = await readFile(file);
  if (!sums.success || createHash("sha256").update(packed).digest("hex") !== sums.data.packed) return undefined;
  return { packed, sha256: sums.data.binary };
}

async function sumOf(file: string): Promise<string> {
  const sum = createHash("sha256");
  await pipeline(createReadStream(file), sum);
  return sum.digest("hex");
}
