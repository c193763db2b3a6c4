import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { docker } from "./docker.ts";

/** A file of a registry, by its sum and type. */
interface Blob {
  readonly mediaType: string;
  readonly size: number;
  readonly digest: string;
}

const vendor = "application/vnd.docker";

/** A registry on this machine with one small image, for an engine that pulls; gives the image's reference by digest. */
export async function tinyRegistry(name: string): Promise<string> {
  const files = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  const put = (type: string, bytes: Buffer): Blob => {
    const digest = sumOf(bytes);
    files.set(digest, { type, bytes });
    return { mediaType: type, size: bytes.length, digest };
  };
  const layer = Buffer.alloc(1024); // a tar without entries
  const rootfs = { type: "layers", diff_ids: [sumOf(layer)] };
  const config = json({ architecture: "amd64", os: "linux", config: { Labels: { test: name } }, rootfs });
  const mediaType = `${vendor}.distribution.manifest.v2+json`;
  const manifest = {
    ...{ schemaVersion: 2, mediaType },
    config: put(`${vendor}.container.image.v1+json`, config),
    layers: [put(`${vendor}.image.rootfs.diff.tar.gzip`, gzipSync(layer))],
  };
  const { digest } = put(mediaType, json(manifest));
  const server = createServer(({ method, url = "" }, answer) => {
    const file = files.get(url.split("/").at(-1) ?? "");
    if (file === undefined) return void answer.writeHead(url === "/v2/" ? 200 : 404).end();
    const headers = { "content-type": file.type, "content-length": file.bytes.length };
    answer.writeHead(200, { ...headers, "docker-content-digest": url.split("/").at(-1) });
    answer.end(method === "HEAD" ? undefined : file.bytes);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const reference = `127.0.0.1:${port}/${name}@${digest}`;
  onTestFinished(() => {
    removeImage(reference);
    server.closeAllConnections();
    server.close();
  });
  return reference;
}

/** Removes an image from this machine, if it is there. */
export function removeImage(reference: string): void {
  const [repository = ""] = reference.split("@");
  const there = docker("images", "--quiet", "--digests", repository);
  if (there !== "") docker("rmi", "--force", ...new Set(there.split("\n")));
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function sumOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
