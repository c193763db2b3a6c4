import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "../../model/problem.ts";
import { readOpenssh } from "./openssh.ts";

/** The variable that holds the key that opens the servers. */
export const keyVariable = "SSH_PRIVATE_KEY";

/** The variable that holds the key that observes the servers, and does nothing else there. */
export const observeKeyVariable = "SSH_OBSERVE_KEY";

export type KeyVariable = typeof keyVariable | typeof observeKeyVariable;

/** Who uses a key, and a name for its file. */
const uses: Readonly<Record<KeyVariable, { readonly user: string; readonly file: string }>> = {
  [keyVariable]: { user: "deployment", file: "deploy" },
  [observeKeyVariable]: { user: "plan", file: "observer" },
};

/**
 * Turns a variable's value into the text that ssh-add reads. People put the key itself there, base64 of it, or the path
 * of a file with either; with line ends of Windows, without the last line end, or folded into one line. No message
 * shows the value.
 */
export function readPrivateKey(value: string, variable: KeyVariable = keyVariable): string {
  const todo = "give a private key in OpenSSH's format";
  try {
    return keyIn(value) ?? keyIn(fileAt(value.trim())) ?? refuse(mistakeIn(value), todo);
  } catch (error) {
    if (error instanceof Encrypted) throw encryptedKey(variable);
    if (error instanceof Mistake) throw new UserError({ path: variable, what: error.message, todo: error.todo });
    throw error;
  }
}

/** A mistake in a value, whichever variable has it. */
class Mistake extends Error {
  readonly todo: string;

  constructor(what: string, todo: string) {
    super(what);
    this.todo = todo;
  }
}

class Encrypted extends Error {}

function encryptedKey(variable: KeyVariable): UserError {
  const { user, file } = uses[variable];
  const what = `is encrypted with a passphrase, which a ${user} cannot enter`;
  const todo = `make a separate key for ${user}s, without one: \`ssh-keygen -t ed25519 -N '' -f ${file}\``;
  return new UserError({ path: variable, what, todo });
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
  if (label.startsWith("ENCRYPTED") || /^Proc-Type: *4,ENCRYPTED/m.test(body)) throw new Encrypted();
  const base64 = body.replaceAll(/\\r|\\n|\s/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64))
    return refuse("is damaged: its body is not base64", "copy the whole file");
  const lines = base64.match(/.{1,64}/g) ?? [];
  const key = [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
  const read = label === "OPENSSH PRIVATE KEY" ? readOpenssh(Buffer.from(base64, "base64")) : readPem(key);
  if (read === "encrypted") throw new Encrypted();
  if (read === "cut or damaged") return refuse("is cut or damaged", "copy the whole file");
  return key;
}

function readPem(key: string): "whole" | "cut or damaged" {
  try {
    createPrivateKey(key);
    return "whole";
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
  throw new Mistake(what, todo);
}
