import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash, createPrivateKey, sign, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { dockerRegistry } from "../../../toolchain/tools/docker-registry.ts";
import { eventually } from "../../hosts/condition.ts";
import { freePort } from "../../hosts/port.ts";

/** A user whom the registries with logins know, and the line of the password for them. */
export const user = { name: "robot", password: "canary" } as const;
const passwords = "robot:$2y$05$abcdefghijklmnopqrstuuRprvAQdy7TukEWRpyjPPFyNaLWFtNea\n";

const oci = "application/vnd.oci.image";

/** Docker's registry, three times with the same images: open, with a password and TLS, and with tokens. */
export class RealRegistry {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-registry-"));
  /** Without a login and without TLS, on the loopback interface. */
  open = "";
  /** With a password and a certificate of its own authority, at an address of this machine. */
  closed = "";
  /** With tokens, on the loopback interface. */
  withTokens = "";
  readonly #children: ChildProcess[] = [];
  #tokens: Server | undefined;

  /** The certificate, which is its own authority. */
  get certificate(): string {
    return join(this.folder, "registry.crt");
  }

  async start(): Promise<void> {
    const [outcome] = await ensureTools([dockerRegistry], () => undefined);
    const command = outcome?.installed.commands[dockerRegistry.name] ?? "";
    const address = ownAddress();
    this.#makeCertificate(address);
    writeFileSync(join(this.folder, "passwords"), passwords);
    const realm = await this.#startTokens();
    this.open = await this.#run(command, "127.0.0.1", {});
    const tls = { tls: { certificate: this.certificate, key: join(this.folder, "key") } };
    const htpasswd = { realm: "trial", path: join(this.folder, "passwords") };
    this.closed = await this.#run(command, address, { http: tls, auth: { htpasswd } });
    const token = { realm, service: "trial", issuer: "trial", rootcertbundle: this.certificate };
    this.withTokens = await this.#run(command, "127.0.0.1", { auth: { token } });
  }

  async stop(): Promise<void> {
    this.#tokens?.close();
    const ends = this.#children.map((child) => once(child, "exit"));
    for (const child of this.#children) child.kill();
    await Promise.all(ends);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Pushes an image with one empty layer for a platform, and gives its digest. */
  async push(name: string, platform: string, version: string): Promise<string> {
    const [repository = ""] = name.split(":");
    const [os = "", architecture = ""] = platform.split("/");
    const layer = Buffer.alloc(1024); // a tar without entries
    const Labels = { "org.opencontainers.image.version": version };
    const rootfs = { type: "layers", diff_ids: [sumOf(layer)] };
    const config = Buffer.from(JSON.stringify({ architecture, os, config: { Labels }, rootfs }));
    const zipped = gzipSync(layer);
    for (const blob of [config, zipped]) await this.#upload(repository, blob);
    const entry = (type: string, bytes: Buffer) => ({
      mediaType: `${oci}.${type}`,
      size: bytes.length,
      digest: sumOf(bytes),
    });
    const mediaType = `${oci}.manifest.v1+json`;
    const layers = [entry("layer.v1.tar+gzip", zipped)];
    return await this.pushManifest(name, mediaType, { config: entry("config.v1+json", config), layers });
  }

  /** Pushes an index of images that are there. */
  async pushIndex(name: string, images: Readonly<Record<string, string>>): Promise<string> {
    const mediaType = `${oci}.manifest.v1+json`;
    const [repository = ""] = name.split(":");
    const entries = Object.entries(images).map(async ([platform, digest]) => {
      const [os, architecture] = platform.split("/");
      const answer = await fetch(`http://${this.open}/v2/${repository}/manifests/${digest}`, {
        headers: { accept: mediaType },
      });
      return { mediaType, digest, size: (await answer.text()).length, platform: { os, architecture } };
    });
    return await this.pushManifest(name, `${oci}.index.v1+json`, { manifests: await Promise.all(entries) });
  }

  async pushManifest(name: string, mediaType: string, manifest: object): Promise<string> {
    const [repository = "", tag = ""] = name.split(":");
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...manifest }));
    const headers = { "content-type": mediaType };
    const url = `http://${this.open}/v2/${repository}/manifests/${tag}`;
    await expectStatus(await fetch(url, { method: "PUT", headers, body }), 201);
    return sumOf(body);
  }

  async #upload(repository: string, bytes: Buffer): Promise<void> {
    const started = await fetch(`http://${this.open}/v2/${repository}/blobs/uploads/`, { method: "POST" });
    await expectStatus(started, 202);
    const url = new URL(started.headers.get("location") ?? "", `http://${this.open}`);
    url.searchParams.set("digest", sumOf(bytes));
    const headers = { "content-type": "application/octet-stream" };
    await expectStatus(await fetch(url, { method: "PUT", headers, body: new Uint8Array(bytes) }), 201);
  }

  #makeCertificate(address: string): void {
    const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=trial"];
    const names = ["-addext", `subjectAltName=IP:${address}`, "-keyout", join(this.folder, "key")];
    execFileSync("openssl", [...words, ...names, "-out", this.certificate], { stdio: "ignore" });
  }

  async #run(command: string, address: string, more: { readonly http?: object; readonly auth?: object }) {
    const port = await freePort();
    const host = `${address}:${port}`;
    const { http = {}, auth } = more;
    const rootdirectory = join(this.folder, "images");
    mkdirSync(rootdirectory, { recursive: true });
    const config = {
      ...{ version: 0.1, log: { level: "error" }, storage: { filesystem: { rootdirectory } } },
      http: { addr: host, ...http },
      ...(auth !== undefined && { auth }),
    };
    const file = join(this.folder, `${port}.yml`);
    writeFileSync(file, JSON.stringify(config));
    this.#children.push(spawn(command, ["serve", file], { stdio: "ignore" }));
    await eventually(`the registry at ${host} listens`, 30, async () => {
      const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
      return answer === undefined ? undefined : true;
    });
    return host;
  }

  /** Gives out tokens to the user, as the server of a registry's tokens does. */
  async #startTokens(): Promise<string> {
    const key = createPrivateKey(readFileSync(join(this.folder, "key")));
    const chain = [new X509Certificate(readFileSync(this.certificate)).raw.toString("base64")];
    const right = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString("base64")}`;
    this.#tokens = createServer(({ url = "", headers }, answer) => {
      if (headers.authorization !== right) return void answer.writeHead(401).end();
      const { searchParams } = new URL(url, "http://tokens");
      const [type, name, actions = ""] = (searchParams.get("scope") ?? "").split(":");
      const now = Math.floor(Date.now() / 1000);
      const times = { iat: now, nbf: now - 60, exp: now + 300 };
      const access = [{ type, name, actions: actions.split(",") }];
      const claims = { iss: "trial", sub: user.name, aud: searchParams.get("service"), jti: "1", ...times, access };
      const text = [{ typ: "JWT", alg: "RS256", x5c: chain }, claims]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      const token = `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
      answer.writeHead(200).end(JSON.stringify({ token }));
    });
    this.#tokens.listen(0, "127.0.0.1");
    await once(this.#tokens, "listening");
    return `http://127.0.0.1:${z.object({ port: z.number() }).parse(this.#tokens.address()).port}/token`;
  }
}

function sumOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function expectStatus(answer: Response, status: number): Promise<void> {
  if (answer.status !== status) throw new Error(`registry: status ${String(answer.status)}: ${await answer.text()}`);
}

/** An address of this machine beyond the loopback interface. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = all.find(({ family, internal }) => family === "IPv4" && !internal);
  if (found === undefined) throw new Error("this machine has no address beyond the loopback interface");
  return found.address;
}
