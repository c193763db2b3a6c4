import type { Problem } from "../../model/problem.ts";
import { looksEncrypted } from "./cipher.ts";

/** A line of a SOPS dotenv file, other than SOPS' own entries. */
interface SopsLine {
  readonly line: number;
  /** Undefined for a comment. */
  readonly name: string | undefined;
  /** The text after `=` or `#`, unchanged. */
  readonly text: string;
}

/** A SOPS dotenv file, parsed but not decrypted. */
export interface SopsText {
  readonly path: string;
  readonly lines: readonly SopsLine[];
  /** SOPS' own entries, without `sops_`. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A parsed file, with all problems of its form. */
interface ReadSopsText {
  readonly file: SopsText;
  readonly problems: readonly Problem[];
}

const restore = "restore the file from the repository: `git checkout`";

/** Parses a SOPS dotenv file. It has no quoting: one `NAME=value` a line, and `#` before a comment. */
export function readSopsText(path: string, text: string): ReadSopsText {
  const problems = text.includes("\r") ? [windowsLines(path)] : [];
  const lines: SopsLine[] = [];
  const metadata = new Map<string, string>();
  const seen = new Map<string, number>();
  for (const [index, raw] of text.split("\n").entries()) {
    const read = readLine(raw.replace(/\r$/, ""), index + 1);
    if (read === undefined) continue;
    const where = `${path}:${read.line}`;
    if ("what" in read) {
      problems.push({ path: where, what: read.what, todo: read.todo });
      continue;
    }
    const earlier = read.name === undefined ? undefined : seen.get(read.name);
    if (earlier !== undefined) problems.push(twice(where, read.name ?? "", earlier));
    if (read.name !== undefined) seen.set(read.name, read.line);
    if (read.name?.startsWith(own) === true) metadata.set(read.name.slice(own.length), unescape(read.text));
    else lines.push(read);
  }
  if (metadata.size === 0) {
    const cut = lines.some(({ text: value }) => looksEncrypted(value));
    return {
      file: { path, lines, metadata },
      problems: [...problems, cut ? withoutEntries(path) : notEncrypted(path)],
    };
  }
  return { file: { path, lines, metadata }, problems };
}

const own = "sops_";

/** Replaces `\n`, the only escape, by a line end. */
export function unescape(text: string): string {
  return text.replaceAll("\\n", "\n");
}

type ReadLine = SopsLine | { readonly line: number; readonly what: string; readonly todo: string };

function readLine(raw: string, line: number): ReadLine | undefined {
  if (raw === "") return undefined;
  if (/^(<{7}|={7}|>{7}|\|{7})( |$)/.test(raw)) {
    return {
      line,
      what: "is a conflict marker of git",
      todo: "decrypt both sides, merge the plain texts, and encrypt the result",
    };
  }
  if (raw.startsWith("#")) return { line, name: undefined, text: raw.slice(1) };
  const at = raw.indexOf("=");
  if (at === -1) return { line, what: "is neither `NAME=value` nor a comment", todo: restore };
  const name = raw.slice(0, at);
  if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
    const what = `has an invalid variable name, got ${JSON.stringify(shorten(name))}`;
    return { line, what, todo: "use letters, digits and `_`, begin with a letter or `_`, and put no space before `=`" };
  }
  return { line, name, text: raw.slice(at + 1) };
}

/** Shortens a name for a message, since in a damaged line it may be part of a value. */
function shorten(name: string): string {
  return name.length <= 20 ? name : `${name.slice(0, 8)}…`;
}

function windowsLines(path: string): Problem {
  const todo = `write '${path.split("/").at(-1) ?? path} -text' into .gitattributes and check the file out again`;
  return { path, what: "has Windows line endings, which SOPS would read as parts of the values", todo };
}

function twice(path: string, name: string, earlier: number): Problem {
  return { path, what: `${name} is already defined in line ${earlier}`, todo: "keep one of them" };
}

function withoutEntries(path: string): Problem {
  return { path, what: "is truncated: its values are encrypted, and SOPS' own entries are missing", todo: restore };
}

function notEncrypted(path: string): Problem {
  const todo = "encrypt it, `slipway env init` shows how, and change every secret in it if it was ever pushed";
  return { path, what: "is not encrypted: it has none of SOPS' entries", todo };
}
