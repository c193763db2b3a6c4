import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

const algorithm = "aes-256-gcm";
const form = /^ENC\[AES256_GCM,data:([^,]+),iv:([^,]+),tag:([^,]+),type:([a-z]+)\]$/;

interface Plain {
  readonly text: string;
  readonly type: string;
}

/** Decrypts one value; undefined unless it is byte for byte the result of encrypting with this key for this name. */
export function decryptValue(text: string, key: Buffer, name: string): Plain | undefined {
  const [, data, iv, tag, type] = form.exec(text) ?? [];
  const parts = [data, iv, tag].map((part) => strictBase64(part ?? ""));
  const [body, nonce, mark] = parts;
  if (body === undefined || nonce === undefined || mark?.length !== 16 || type === undefined) return undefined;
  try {
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(mark);
    const plain = Buffer.concat([decipher.update(body), decipher.final()]);
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plain), type };
  } catch {
    return undefined;
  }
}

/** Encrypts one value for its name, in SOPS' own form. An empty value stays empty. */
export function encryptValue(text: string, key: Buffer, name: string, type = "str"): string {
  if (text === "") return "";
  const iv = randomBytes(32);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(name));
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  const [body, nonce, tag] = [data, iv, cipher.getAuthTag()].map((bytes) => bytes.toString("base64"));
  return `ENC[AES256_GCM,data:${body ?? ""},iv:${nonce ?? ""},tag:${tag ?? ""},type:${type}]`;
}

/** Tells whether a text is, or was meant to be, an encrypted value. */
export function looksEncrypted(text: string): boolean {
  return text.includes("ENC[AES256_GCM");
}

/** Decodes base64 strictly: Node accepts variants, but SOPS writes one form only. */
function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length > 0 && bytes.toString("base64") === text ? bytes : undefined;
}

/** A value that is part of SOPS' hash, in the order of the file. */
interface HashedValue {
  readonly text: string;
  readonly encrypted: boolean;
}

/** The sha256 of the word `sops`. It makes the two kinds of hash differ for equal values. */
const onlyEncrypted = createHash("sha256").update("sops").digest();

/** The hash over all values of a file, or over the encrypted ones alone, as SOPS computes it. */
export function macOf(values: readonly HashedValue[], macOnlyEncrypted: boolean): string {
  const hash = createHash("sha512");
  if (macOnlyEncrypted) hash.update(onlyEncrypted);
  for (const { text, encrypted } of values) if (encrypted || !macOnlyEncrypted) hash.update(text);
  return hash.digest("hex").toUpperCase();
}
