import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readSync } from "node:fs";

/** Bytes of the largest file that is read whole. No document brings one as large; a container may make any file. */
export const mostBytes = 16 * 1024 ** 2;

/** The first bytes of an open file, or all if it has fewer, even if it grows meanwhile. */
export function readFrom(fd: number, most: number): Buffer {
  const bytes = Buffer.alloc(most);
  let length = 0;
  for (let read = -1; read !== 0 && length < most; length += read) {
    read = readSync(fd, bytes, length, most - length, null);
  }
  return bytes.subarray(0, length);
}

/** The SHA-256 of a text or of bytes. */
export function sumOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
