import { createHash, randomBytes } from "node:crypto";

/** Names what the program left unnamed: its resource name and seven hex digits, the same in preview and update. */
export function autoName(resourceName: string, randomSeed: Uint8Array): string {
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(32);
  return `${resourceName}-${createHash("sha256").update(seed).digest("hex").slice(0, 7)}`;
}
