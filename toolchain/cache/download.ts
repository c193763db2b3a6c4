import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../../model/problem.ts";
import type { Progress } from "../progress.ts";

const megabyte = 1_000_000;
const stallTimeout = 60_000;

/** Fetches `url` into `file` and checks its SHA-256. An interrupted download resumes from `<file>.partial`. */
export async function download(url: string, file: string, sha256: string, progress: Progress): Promise<void> {
  if (existsSync(file) && (await digest(file)) === sha256) return;
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.partial`;
  if (!existsSync(partial) || (await digest(partial)) !== sha256) await fetchRest(url, partial, progress);
  const found = await digest(partial);
  if (found !== sha256) {
    rmSync(partial);
    const what = `wrong checksum, got ${found} instead of ${sha256}`;
    throw new UserError({ path: url, what, todo: "try again, and do not trust it if this happens twice" });
  }
  renameSync(partial, file);
}

/** Downloads what is missing of a partial file; a server without ranges sends everything again. */
async function fetchRest(url: string, partial: string, progress: Progress): Promise<void> {
  const received = existsSync(partial) ? statSync(partial).size : 0;
  if (received > 0) progress.say(`resumes the download at ${(received / megabyte).toFixed(1)} MB`);
  const stalled = new AbortController();
  const response = await request(url, received, stalled.signal);
  const resumed = response.status === 206;
  const total = Number(response.headers.get("content-length") ?? 0) + (resumed ? received : 0);
  const counter = countBytes(resumed ? received : 0, total, stalled, progress);
  const target = createWriteStream(partial, { flags: resumed ? "a" : "w" });
  await pipeline(Readable.from(response.body ?? []), counter, target).catch((error: unknown) => {
    const what = `the download broke off (${String(error)})`;
    throw new UserError({ path: url, what, todo: "run this again to resume it" });
  });
}

async function request(url: string, from: number, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {};
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    const what = `cannot be reached (${cause(error)})`;
    throw new UserError({ path: url, what, todo: "try again when the network is back" });
  });
  // 416: the partial file is longer than the server's file, so it belongs to another one.
  if (response.status === 416) return request(url, 0, signal);
  if (!response.ok) {
    const what = `the server answered ${response.status}`;
    throw new UserError({ path: url, what, todo: "check whether this version is still offered" });
  }
  return response;
}

/** Reports the progress, and aborts a download that receives nothing for a minute. */
function countBytes(received: number, total: number, stalled: AbortController, progress: Progress): Transform {
  let bytes = received;
  const stallTimer = setTimeout(() => stalled.abort("no byte for a minute"), stallTimeout);
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length;
      stallTimer.refresh();
      progress.status(`downloaded ${(bytes / megabyte).toFixed(0)} of ${(total / megabyte).toFixed(0)} MB`);
      next(null, chunk);
    },
    destroy(error, done) {
      clearTimeout(stallTimer);
      done(error);
    },
  });
}

/** The reason of a failed fetch, which Node hides in the error's cause. */
function cause(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
}

async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
