import { readFileSync } from "node:fs";
import { configurationError, type Problem } from "../../model/problem.ts";
import { loadAge } from "./library.ts";

/** The private keys that open encrypted files. They must not appear in a message. */
export interface AgeKeys {
  /** The variable that holds them. */
  readonly variable: string;
  readonly identities: readonly string[];
  /** Their public halves, in the same order. */
  readonly recipients: readonly string[];
}

/** The keys, or their problems; neither if no key was given. */
interface ReadAgeKeys {
  readonly keys?: AgeKeys;
  readonly problems: readonly Problem[];
}

/** The variables that may hold the key, by precedence (A2). */
export const ageKeyVariables = ["SOPS_AGE_KEY_B64", "SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE"] as const;

/** Reads the first variable that is set. If its value is wrong, that is an error; the next variable is not tried. */
export async function readAgeKeys(environment: NodeJS.ProcessEnv): Promise<ReadAgeKeys> {
  const variable = ageKeyVariables.find((name) => (environment[name] ?? "").trim() !== "");
  if (variable === undefined) return { problems: [] };
  const text = textOf(variable, (environment[variable] ?? "").trim());
  if (typeof text !== "string") return { problems: [{ path: variable, ...text }] };
  const words = keyWords(text);
  const read = await Promise.all(words.map(readIdentity));
  const faults = read.flatMap((key, index) =>
    "what" in key ? [{ path: pathOf(variable, index, words), ...key }] : [],
  );
  if (faults.length > 0) return { problems: faults };
  if (words.length === 0) return { problems: [{ path: variable, what: "has no key, only comments", todo: wholeFile }] };
  const keys = read.flatMap((key) => ("what" in key ? [] : [key]));
  const identities = keys.map(({ identity }) => identity);
  return { keys: { variable, identities, recipients: keys.map(({ recipient }) => recipient) }, problems: [] };
}

type Fault = Pick<Problem, "what" | "todo">;

const wholeFile = "use the file that `age-keygen` or `slipway env init` wrote, or base64 of it: `base64 -w0 <file>`";

/** The content of a key file: the variable's own text, that text decoded from base64, or the file that it names. */
function textOf(variable: string, value: string): string | Fault {
  if (variable === "SOPS_AGE_KEY_FILE" || /^\/[^\n]*$/.test(value)) return fileText(value);
  return plainText(value);
}

function fileText(path: string): string | Fault {
  try {
    return plainText(readFileSync(path, "utf8"));
  } catch {
    const todo = "name a file that exists, give the variable the type File, or set it to the key itself";
    return { what: `names a file that cannot be read, got '${path}'`, todo };
  }
}

function plainText(value: string): string | Fault {
  const text = value.replace(/^\ufeff/, "").replace(/^(["'])(.*)\1$/s, "$2");
  if (looksLikeKeys(text)) return text.replaceAll(/\\r|\\n/g, "\n");
  const packed = text.replaceAll(/\\r|\\n|\s/g, "");
  const decoded = Buffer.from(packed, "base64");
  if (decoded.includes(0)) return { what: "is base64 of UTF-16, as PowerShell writes it", todo: wholeFile };
  const inside = decoded.toString("utf8").replace(/^\ufeff/, "");
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(packed) && looksLikeKeys(inside)) return inside;
  return { what: kindOf(text), todo: wholeFile };
}

/** Tells whether a text was meant to be a key; comments and public halves are signs of that, too. */
function looksLikeKeys(text: string): boolean {
  return /age-(secret-key|plugin)-|\bage1[0-9a-z]/i.test(text) || /-----BEGIN/.test(text) || /^#.*\n/.test(text);
}

function kindOf(text: string): string {
  return /^[A-Za-z0-9+/=_\s-]+$/.test(text) ? "is base64, but not of an age key" : "is not an age key";
}

/** The keys of a text, one or several a line, without comments. */
function keyWords(text: string): string[] {
  if (text.includes("-----BEGIN")) return [text];
  const lines = text.split(/\r\n|\r|\n/).filter((line) => !line.trimStart().startsWith("#"));
  return lines.flatMap((line) => line.split(/[\s,;]+/)).filter((word) => word !== "");
}

function pathOf(variable: string, index: number, words: readonly string[]): string {
  return words.length === 1 ? variable : `${variable}: key ${index + 1} of ${words.length}`;
}

interface Key {
  readonly identity: string;
  readonly recipient: string;
}

async function readIdentity(word: string): Promise<Key | Fault> {
  const identity = word.toUpperCase();
  if (/^AGE1/.test(identity)) return { what: "is a public key", todo: "use its private half, AGE-SECRET-KEY-1…" };
  if (identity.startsWith("AGE-PLUGIN-"))
    return { what: "is a key of an age plugin", todo: "use an AGE-SECRET-KEY-1…" };
  if (word.startsWith("-----BEGIN AGE ENCRYPTED FILE"))
    return { what: "is encrypted with a passphrase", todo: wholeFile };
  if (word.startsWith("-----BEGIN")) return { what: "is a key of another kind, not an age key", todo: wholeFile };
  if (!/^AGE-SECRET-KEY-(PQ-)?1/.test(identity)) return { what: "is not an age key", todo: wholeFile };
  const { identityToRecipient } = await loadAge();
  try {
    return { identity, recipient: await identityToRecipient(identity) };
  } catch {
    return { what: "is truncated or damaged: its checksum is wrong", todo: wholeFile };
  }
}

/** The public key of a key file. */
export async function readRecipient(file: string): Promise<string> {
  const { keys, problems } = await readAgeKeys({ SOPS_AGE_KEY_FILE: file });
  const [recipient] = keys?.recipients ?? [];
  if (recipient !== undefined) return recipient;
  throw configurationError(problems.map((problem) => ({ ...problem, path: file })));
}

/** A new private key as the text of its file, which its owner alone may read, and its public key. */
export async function newAgeKey(now: Date): Promise<{ readonly recipient: string; readonly text: string }> {
  const { generateX25519Identity, identityToRecipient } = await loadAge();
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  return { recipient, text: `# created: ${now.toISOString()}\n# public key: ${recipient}\n${identity}\n` };
}

/** A public key, short enough for a message and long enough to tell it from others. */
export function shortRecipient(recipient: string): string {
  return recipient.length <= 16 ? recipient : `${recipient.slice(0, 12)}…`;
}
