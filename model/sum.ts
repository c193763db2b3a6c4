import { createHash } from "node:crypto";

/** The SHA-256 of a text or of bytes. */
export function sumOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The first sixteen letters of it: enough to tell a change, or to name a file. */
export function shortSum(content: string | Uint8Array): string {
  return sumOf(content).slice(0, 16);
}
