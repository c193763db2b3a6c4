import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ToolProblem } from "../problem.ts";
import type { Progress } from "../progress.ts";

const megabyte = 1_000_000;
const silence = 60_000;

/** Fetches `url` into `file` and checks its SHA-256. What an interrupted run fetched into `<file>.partial` is not fetched again. */
export async function download(url: string, file: string, sha256: string, progress: Progress): Promise<void> {
  if (existsSync(file) && (await digest(file)) === sha256) return;
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  if (!existsSync(partial) || (await digest(partial)) !== sha256) await fetchRest(url, partial, progress);
  const found = await digest(partial);
  if (found !== sha256) {
    rmSync(partial);
    throw new ToolProblem(
      `${url}: the checksum is wrong, got ${found} instead of ${sha256}; try again, and if it stays, trust neither`,
    );
  }
  renameSync(partial, file);
}

async function fetchRest(url: string, partial: string, progress: Progress): Promise<void> {
  const have = existsSync(partial) ? statSync(partial).size : 0;
  if (have > 0) progress.say(`takes up the download at ${(have / megabyte).toFixed(1)} MB`);
  const stalled = new AbortController();
  const response = await request(url, have, stalled.signal);
  const resumed = response.status === 206;
  const total = Number(response.headers.get("content-length") ?? 0) + (resumed ? have : 0);
  const counter = count(resumed ? have : 0, total, stalled, progress);
  const target = createWriteStream(partial, { flags: resumed ? "a" : "w" });
  await pipeline(Readable.from(response.body ?? []), counter, target).catch((error: unknown) => {
    throw new ToolProblem(`${url}: the download broke off (${String(error)}); run this again to take it up`);
  });
}

async function request(url: string, from: number, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    throw new ToolProblem(`${url}: cannot be reached (${cause(error)}); try again when the network is back`);
  });
  // 416: the partial file is longer than what the server has, so it is of something else.
  if (response.status === 416) return request(url, 0, signal);
  if (!response.ok)
    throw new ToolProblem(`${url}: the server answered ${response.status}; is this version still offered?`);
  return response;
}

function count(have: number, total: number, stalled: AbortController, progress: Progress): Transform {
  let bytes = have;
  const fuse = setTimeout(() => stalled.abort("a minute without a byte"), silence);
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length;
      fuse.refresh();
      progress.status(`downloaded ${(bytes / megabyte).toFixed(0)} of ${(total / megabyte).toFixed(0)} MB`);
      next(null, chunk);
    },
    destroy(error, done) {
      clearTimeout(fuse);
      done(error);
    },
  });
}

function cause(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
}

/** SHA-256 of a file in hexadecimal. */
async function digest(file: string, algorithm: "sha256" | "sha512" = "sha256"): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
