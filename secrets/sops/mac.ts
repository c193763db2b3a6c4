import { createHash } from "node:crypto";

/** A value that SOPS hashes, in the order of the file. */
interface HashedValue {
  readonly text: string;
  readonly encrypted: boolean;
}

/** The sha256 of the word `sops`: by it the two kinds of hash can never be equal. */
const onlyEncrypted = createHash("sha256").update("sops").digest();

/** The hash over all values of a file, or over the encrypted ones alone, as SOPS writes it. */
export function macOf(values: readonly HashedValue[], macOnlyEncrypted: boolean): string {
  const hash = createHash("sha512");
  if (macOnlyEncrypted) hash.update(onlyEncrypted);
  for (const { text, encrypted } of values) if (encrypted || !macOnlyEncrypted) hash.update(text);
  return hash.digest("hex").toUpperCase();
}
