import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from "node:http";
import { onTestFinished } from "vitest";
import { z } from "zod";

/** An answer of the stub. */
export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** A question that the stub got. */
export interface Question {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

type Script = (question: Question, earlier: number) => Answer | "endless" | "silence" | undefined;

const oci = "application/vnd.oci.image";

/** The digest of bytes. */
export function sumOf(bytes: string | Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** A registry on the loopback interface, without TLS, with faults on request. A test's end stops it. */
export class StubRegistry {
  /** Every question but those for the form of the address. */
  readonly questions: Question[] = [];
  readonly #files = new Map<string, string>();
  readonly #server: Server;
  /** The most questions that waited for an answer at the same time. */
  mostAtOnce = 0;
  /** The bytes of an answer without an end. */
  sent = 0;
  #atOnce = 0;
  #script: Script = () => undefined;
  #port = 0;

  constructor() {
    this.#server = createServer((request, answer) => void this.#answer(request, answer));
    onTestFinished(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
  }

  /** Starts a stub. */
  static async start(script?: Script): Promise<StubRegistry> {
    const stub = new StubRegistry();
    if (script !== undefined) stub.#script = script;
    stub.#server.listen(0, "127.0.0.1");
    await once(stub.#server, "listening");
    stub.#port = z.object({ port: z.number() }).parse(stub.#server.address()).port;
    return stub;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Puts an image for one platform, and gives its digest. */
  image(
    name: string,
    { platform = "linux/amd64", labels = {}, annotations = {}, layers = [] }: ImageFacts = {},
  ): string {
    const [os = "", architecture = "", variant] = platform.split("/");
    const rootfs = layers.length === 0 ? undefined : { diff_ids: layers.map(({ diff }) => diff) };
    const config = JSON.stringify({ os, architecture, variant, config: { Labels: labels }, rootfs });
    const [repository = "", tag = ""] = name.split(":");
    this.#files.set(`/v2/${repository}/blobs/${sumOf(config)}`, config);
    const mediaType = `${oci}.manifest.v1+json`;
    const manifest = {
      schemaVersion: 2,
      mediaType,
      config: { digest: sumOf(config) },
      layers: layers.map(({ size }) => ({ size })),
      annotations,
    };
    return this.put(repository, tag, manifest);
  }

  /** Puts an index of images that are there, with an attestation for each. */
  index(name: string, images: readonly IndexEntry[]): string {
    const [repository = "", tag = ""] = name.split(":");
    const manifests = images.flatMap(({ digest, platform, annotations = {} }) => {
      const [os, architecture, variant] = platform.split("/");
      const attestation = { digest: sumOf(digest), platform: { os: "unknown", architecture: "unknown" } };
      return [{ digest, platform: { os, architecture, variant }, annotations }, attestation];
    });
    return this.put(repository, tag, { schemaVersion: 2, mediaType: `${oci}.index.v1+json`, manifests });
  }

  /** Puts a manifest under its tag and its digest. */
  put(repository: string, tag: string, manifest: unknown): string {
    const text = JSON.stringify(manifest, undefined, 2);
    for (const name of [tag, sumOf(text)]) this.#files.set(`/v2/${repository}/manifests/${name}`, text);
    return sumOf(text);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = "", headers } = request;
    this.mostAtOnce = Math.max(this.mostAtOnce, (this.#atOnce += 1));
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += String(part);
    const question = { path, authorization: headers.authorization, body };
    const earlier = this.questions.filter((one) => one.path === path).length;
    this.questions.push(question);
    const scripted = this.#script(question, earlier);
    // Other questions that are on their way arrive in these turns.
    for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
    this.#atOnce -= 1;
    if (scripted === "silence") return;
    if (scripted === "endless") {
      this.#endless(response);
      return;
    }
    const { status, headers: told = {}, body: said = "" } = scripted ?? this.#file(path);
    response.writeHead(status, told).end(said);
  }

  /** Sends until the other side hangs up. */
  #endless(response: ServerResponse): void {
    response.writeHead(200);
    const part = Buffer.alloc(1 << 16, " ");
    const more = (): void => {
      if (response.destroyed) return;
      this.sent += part.length;
      if (response.write(part)) setImmediate(more);
    };
    response.on("drain", more);
    more();
  }

  #file(path: string): Answer {
    if (path === "/v2/") return { status: 200, body: "{}" };
    const text = this.#files.get(path);
    if (text !== undefined) return { status: 200, headers: { "docker-content-digest": sumOf(text) }, body: text };
    // Docker's registry says only of a list of tags that it does not have the repository.
    const [, repository = "", kind] = /^\/v2\/(.+)\/(manifests|blobs|tags)\//.exec(path) ?? [];
    const isKnown = [...this.#files.keys()].some((one) => one.startsWith(`/v2/${repository}/manifests/`));
    if (isKnown && kind === "tags") return { status: 200, body: "{}" };
    const code = kind === "tags" ? "NAME_UNKNOWN" : "MANIFEST_UNKNOWN";
    return { status: 404, body: JSON.stringify({ errors: [{ code, message: "canary" }] }) };
  }
}

interface ImageFacts {
  readonly platform?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The sum of each layer's unpacked content, and its packed size. */
  readonly layers?: readonly { readonly diff: string; readonly size: number }[];
}

interface IndexEntry {
  readonly digest: string;
  readonly platform: string;
  readonly annotations?: Readonly<Record<string, string>>;
}
