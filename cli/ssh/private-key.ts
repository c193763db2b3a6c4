import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "../../model/problem.ts";

/** The variable that holds the key that opens the servers. */
export const keyVariable = "SSH_PRIVATE_KEY";

/**
 * Turns the variable's value into the text that ssh-add reads. People put the key itself there, base64 of it, or the
 * path of a file with either; with line ends of Windows, without the last line end, or folded into one line. No message
 * shows the value.
 */
export function readPrivateKey(value: string): string {
  const todo = "give a private key in OpenSSH's format";
  return keyIn(value) ?? keyIn(fileAt(value.trim())) ?? refuse(mistakeIn(value), todo);
}

/** The key in a text, in clear or in base64; undefined if the text looks like neither. */
function keyIn(text: string): string | undefined {
  const plain = text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString("latin1");
  if (!plain.includes("-----BEGIN")) return undefined;
  const blocks = [...plain.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs)];
  const [first, second] = blocks;
  if (first === undefined) return refuse("is cut: it begins like a key and has no END line", "copy the whole file");
  if (second !== undefined) return refuse("holds several keys", "keep the one that opens the servers");
  const [, label = "", body = ""] = first;
  return checkedKey(label, body);
}

function checkedKey(label: string, body: string): string {
  if (label.includes("PUBLIC")) return refuse("is a public key", "give its private half, the file without .pub");
  if (!label.endsWith("PRIVATE KEY")) return refuse(`is not a key but a '${label}'`, "give a private key");
  if (label.startsWith("ENCRYPTED") || /^Proc-Type: *4,ENCRYPTED/m.test(body)) return refuseEncrypted();
  const base64 = body.replaceAll(/\\r|\\n|\s/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    return refuse("is damaged: its body is not base64", "copy the whole file");
  const lines = base64.match(/.{1,64}/g) ?? [];
  const key = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
  const fault = label === "OPENSSH PRIVATE KEY" ? opensshFault(Buffer.from(base64, "base64")) : pemFault(key);
  if (fault === "encrypted") return refuseEncrypted();
  if (fault !== undefined) return refuse("is cut or damaged", "copy the whole file");
  return key;
}

function refuseEncrypted(): never {
  const todo = "make a separate key for deployments, without one: `ssh-keygen -t ed25519 -N '' -f deploy`";
  return refuse("is encrypted with a passphrase, which a deployment cannot enter", todo);
}

function pemFault(key: string): "cut or damaged" | undefined {
  try {
    createPrivateKey(key);
    return undefined;
  } catch {
    return "cut or damaged";
  }
}

/** The text of the file at a path. GitLab's variables of the type File hold one. */
function fileAt(path: string): string {
  if (!/^[~.]?\//.test(path)) return "";
  try {
    return readFileSync(path, "utf8");
  } catch {
    return refuse("is the path of a file that cannot be read", "make it a variable of the type File, or give the key");
  }
}

/** Names the mistake in a value that is not a key. */
function mistakeIn(value: string): string {
  if (value.trim() === "") return "is empty";
  if (/^(ssh-|ecdsa-|sk-)/.test(value.trim())) return "is a public key, not a private one";
  if (value.startsWith("PuTTY-User-Key-File")) return "is a key in PuTTY's format";
  return "is neither a private key, nor base64 of one, nor the path of a file with one";
}

function refuse(what: string, todo: string): never {
  throw new UserError({ path: keyVariable, what, todo });
}

const opensshMagic = "openssh-key-v1\0";

/** The fault in the body of a key in OpenSSH's own format, if there is one. */
function opensshFault(body: Buffer): "encrypted" | "cut or damaged" | undefined {
  const reader = new Reader(body);
  if (reader.take(opensshMagic.length)?.toString("latin1") !== opensshMagic) return "cut or damaged";
  const cipher = reader.text()?.toString("latin1");
  if (cipher === undefined) return "cut or damaged";
  if (cipher !== "none") return "encrypted";
  // Name and options of the key derivation, count of keys, public half, private half: they fill the body to its end.
  const parts = [reader.text(), reader.text(), reader.take(4), reader.text(), reader.text()];
  return parts.includes(undefined) || !reader.atEnd ? "cut or damaged" : undefined;
}

/** Reads the two elements of OpenSSH's format: bytes, and texts that begin with their length. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(count: number): Buffer | undefined {
    if (this.#at + count > this.#bytes.length) return undefined;
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  text(): Buffer | undefined {
    const length = this.take(4);
    return length === undefined ? undefined : this.take(length.readUInt32BE());
  }
}
