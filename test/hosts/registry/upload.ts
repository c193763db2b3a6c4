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

/** An image of this machine's engine to upload. */
interface Upload {
  readonly image: string;
  /** Its name in the registry, for example `library/redis:alpine`. */
  readonly name: string;
}

/** A file of an image, with its entry in the manifest. */
interface ImageBlob {
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
 * Uploads images to a registry with uncompressed layers. `docker push` would compress all layers one after the other.
 * On one machine that saves nothing, and costs half a minute here and more time at each pull.
 */
export async function uploadImages(address: string, uploads: readonly Upload[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-upload."));
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  try {
    const archive = join(folder, "images.tar");
    await docker(["save", "--output", archive, ...uploads.map(({ image }) => image)]);
    await mustRun(["tar", "-xf", archive, "-C", folder]);
    rmSync(archive);
    const registry = new RegistryClient(address, agent);
    for (const upload of uploads) await uploadImage(registry, folder, upload);
  } finally {
    agent.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function uploadImage(registry: RegistryClient, folder: string, upload: Upload): Promise<void> {
  const saved = savedImages.parse(JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")));
  const image = saved.find(({ RepoTags }) => RepoTags.includes(upload.image));
  if (image === undefined) throw new Error(`docker save: ${upload.image} is not in the archive`);
  const config = await blobOf(join(folder, image.Config), `${docker2}.container.image.v1+json`);
  const layers: ImageBlob[] = [];
  for (const layer of image.Layers) layers.push(await layerBlob(join(folder, layer)));
  const [repository = "", tag = "latest"] = upload.name.split(":");
  for (const blob of [config, ...layers]) await registry.uploadBlob(repository, blob);
  await registry.uploadManifest(repository, tag, config, layers);
}

/** A layer as the engine stores it: some engines store pulled layers compressed. */
async function layerBlob(file: string): Promise<ImageBlob> {
  const compressed = readFirstBytes(file, 2).equals(Buffer.from([0x1f, 0x8b]));
  return await blobOf(file, `${docker2}.image.rootfs.diff.tar${compressed ? ".gzip" : ""}`);
}

function readFirstBytes(file: string, count: number): Buffer {
  const open = openSync(file, "r");
  try {
    const start = Buffer.alloc(count);
    return start.subarray(0, readSync(open, start));
  } finally {
    closeSync(open);
  }
}

async function blobOf(file: string, mediaType: string): Promise<ImageBlob> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return { mediaType, size: statSync(file).size, digest: `sha256:${hash.digest("hex")}`, file };
}

/** Uploads images to a registry. A file is uploaded once; further repositories mount it from the first. */
class RegistryClient {
  readonly #address: string;
  readonly #agent: Agent;
  /** The repository that has a file, by the file's digest. */
  readonly #uploaded = new Map<string, string>();

  constructor(address: string, agent: Agent) {
    this.#address = address;
    this.#agent = agent;
  }

  async uploadBlob(repository: string, { digest, size, file }: ImageBlob): Promise<void> {
    const from = this.#uploaded.get(digest);
    const mount = from === undefined ? "" : `?mount=${digest}&from=${from}`;
    const started = await this.#request("POST", `/v2/${repository}/blobs/uploads/${mount}`, [201, 202]);
    this.#uploaded.set(digest, repository);
    if (started.statusCode === 201) return;
    const location = new URL(started.headers.location ?? "", `https://${this.#address}`);
    location.searchParams.set("digest", digest);
    const headers = { "content-type": "application/octet-stream", "content-length": size };
    await this.#request("PUT", `${location.pathname}${location.search}`, [201], headers, createReadStream(file));
  }

  async uploadManifest(
    repository: string,
    tag: string,
    config: ImageBlob,
    layers: readonly ImageBlob[],
  ): Promise<void> {
    const mediaType = `${docker2}.distribution.manifest.v2+json`;
    const entry = ({ mediaType, size, digest }: ImageBlob) => ({ mediaType, size, digest });
    const manifest = { schemaVersion: 2, mediaType, config: entry(config), layers: layers.map(entry) };
    const body = JSON.stringify(manifest);
    const headers = { "content-type": mediaType, "content-length": Buffer.byteLength(body) };
    await this.#request("PUT", `/v2/${repository}/manifests/${tag}`, [201], headers, Readable.from([body]));
  }

  /** Sends a request; throws if the answer's status is not among the expected ones. */
  async #request(
    method: string,
    path: string,
    expected: readonly number[],
    headers: OutgoingHttpHeaders = {},
    body: Readable = Readable.from([]),
  ): Promise<IncomingMessage> {
    const sent = request(`https://${this.#address}${path}`, { method, headers, agent: this.#agent });
    const answered = once(sent, "response").then(([answer]: IncomingMessage[]) => answer);
    const [answer] = await Promise.all([answered, pipeline(body, sent)]);
    if (answer === undefined) throw new Error(`registry: no answer to ${method} ${path}`);
    const answerText = await text(answer);
    if (expected.includes(answer.statusCode ?? 0)) return answer;
    throw new Error(`registry: ${method} ${path} got status ${String(answer.statusCode)}: ${answerText}`);
  }
}
