import { createHash } from "node:crypto";
import { once } from "node:events";
import { closeSync, createReadStream, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync } from "node:fs";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { mustRun } from "../../../toolchain/must-run.ts";
import { docker } from "../engine.ts";

/** An image of this machine's engine, and what a registry shall call it. */
interface Upload {
  readonly image: string;
  /** For example `library/redis:alpine`. */
  readonly name: string;
}

/** A file of an image, as a manifest names it. */
interface Part {
  readonly mediaType: string;
  readonly size: number;
  readonly digest: string;
  readonly file: string;
}

const docker2 = "application/vnd.docker";
const savedImages = z.array(
  z.object({ Config: z.string(), RepoTags: z.array(z.string()), Layers: z.array(z.string()) }),
);

/**
 * Puts images into a registry with their layers as they are. `docker push` would compress them first, one after the other: for what never leaves this machine that is
 * half a minute of work, and some more at each pull.
 */
export async function uploadImages(address: string, uploads: readonly Upload[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-upload."));
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  try {
    const archive = join(folder, "images.tar");
    await docker(["save", "--output", archive, ...uploads.map(({ image }) => image)]);
    await mustRun(["tar", "-xf", archive, "-C", folder]);
    rmSync(archive);
    const registry = new Receiver(address, agent);
    for (const upload of uploads) await uploadImage(registry, folder, upload);
  } finally {
    agent.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function uploadImage(registry: Receiver, folder: string, upload: Upload): Promise<void> {
  const saved = savedImages.parse(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")));
  const image = saved.find(({ RepoTags }) => RepoTags.includes(upload.image));
  if (image === undefined) throw new Error(`docker save: ${upload.image} is not in what it wrote`);
  const config = await part(join(folder, image.Config), `${docker2}.container.image.v1+json`);
  const layers: Part[] = [];
  for (const layer of image.Layers) layers.push(await layerPart(join(folder, layer)));
  const [repository = "", tag = "latest"] = upload.name.split(":");
  for (const each of [config, ...layers]) await registry.takePart(repository, each);
  await registry.takeManifest(repository, tag, config, layers);
}

/** A layer as the engine keeps it: some engines keep layers as they pulled them, compressed. */
async function layerPart(file: string): Promise<Part> {
  const compressed = readFirst(file, 2).equals(Buffer.from([0x1f, 0x8b]));
  return await part(file, `${docker2}.image.rootfs.diff.tar${compressed ? ".gzip" : ""}`);
}

function readFirst(file: string, count: number): Buffer {
  const open = openSync(file, "r");
  try {
    const start = Buffer.alloc(count);
    return start.subarray(0, readSync(open, start));
  } finally {
    closeSync(open);
  }
}

async function part(file: string, mediaType: string): Promise<Part> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return { mediaType, size: statSync(file).size, digest: `sha256:${hash.digest("hex")}`, file };
}

/** A registry that takes images. Each file comes once; other repositories are told that it is there. */
class Receiver {
  readonly #address: string;
  readonly #agent: Agent;
  /** The repository that a file came to, by its digest. */
  readonly #taken = new Map<string, string>();

  constructor(address: string, agent: Agent) {
    this.#address = address;
    this.#agent = agent;
  }

  async takePart(repository: string, { digest, size, file }: Part): Promise<void> {
    const from = this.#taken.get(digest);
    const mount = from === undefined ? "" : `?mount=${digest}&from=${from}`;
    const begun = await this.#ask("POST", `/v2/${repository}/blobs/uploads/${mount}`, [201, 202]);
    this.#taken.set(digest, repository);
    if (begun.statusCode === 201) return;
    const place = new URL(begun.headers.location ?? "", `https://${this.#address}`);
    place.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream", "content-length": size };
    await this.#ask("PUT", `${place.pathname}${place.search}`, [201], headers, createReadStream(file));
  }

  async takeManifest(repository: string, tag: string, config: Part, layers: readonly Part[]): Promise<void> {
    const mediaType = `${docker2}.distribution.manifest.v2+json`;
    const named = ({ mediaType, size, digest }: Part) => ({ mediaType, size, digest });
    const manifest = { schemaVersion: 2, mediaType, config: named(config), layers: layers.map(named) };
    const body = JSON.stringify(manifest);
    const headers = { "content-type": mediaType, "content-length": Buffer.byteLength(body) };
    await this.#ask("PUT", `/v2/${repository}/manifests/${tag}`, [201], headers, Readable.from([body]));
  }

  /** Asks, and fails where the answer has another status than one of these. */
  async #ask(
    method: string,
    path: string,
    wanted: readonly number[],
    headers: OutgoingHttpHeaders = {},
    body: Readable = Readable.from([]),
  ): Promise<IncomingMessage> {
    const ask = request(`https://${this.#address}${path}`, { method, headers, agent: this.#agent });
    const answered = once(ask, "response").then(([answer]: IncomingMessage[]) => answer);
    const [answer] = await Promise.all([answered, pipeline(body, ask)]);
    if (answer === undefined) throw new Error(`registry: no answer to ${method} ${path}`);
    const said = await text(answer);
    if (wanted.includes(answer.statusCode ?? 0)) return answer;
    throw new Error(`registry: ${method} ${path} got status ${String(answer.statusCode)}: ${said}`);
  }
}
