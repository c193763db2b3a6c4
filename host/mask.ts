import { Buffer } from "node:buffer";

import { shortestMasked as shortest } from "../model/shortest-masked.ts";

/** Values of an env file that hide nothing. */
const plain = /^(\d+|on|off|yes|no)$/i;

/** Lines in the environment of containers that are learnt at most: an image may bring any number of them. */
const mostLines = 1000;

const unescapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Hides secrets in logs, which are shown to people and kept by CI: every value that it learnt, in every form in which
 * programs print one (F112).
 */
export class Mask {
  readonly #known = new Set<string>();
  readonly #learnt = new Set<string>();
  /** Values that are known to be no secrets. One that is learnt as well is a secret. */
  readonly #plain = new Set<string>();
  /** Values that are too short to be hidden alone; the whole line is hidden where one is a word of its own (F114). */
  readonly #short = new Set<string>();
  #sorted: readonly string[] | undefined;
  #lines = 0;

  /** Whether a line may be hidden as a whole. */
  get hidesLines(): boolean {
    return this.#short.size > 0;
  }

  /** Learns a secret; one of several lines is hidden line by line. */
  learn(value: string): void {
    const lines = value.split("\n");
    for (const line of lines) this.#learnLine(line);
    if (lines.length === 1 && value !== "" && value.length < shortest) this.#short.add(value);
  }

  /** Learns the values of an env file, as slipway writes it and as people do. Not every short one is a secret. */
  learnEnvFile(text: string): void {
    for (const line of text.split("\n")) {
      const value = valueIn(line);
      if (value.length >= shortest || !plain.test(value)) this.learn(value);
    }
  }

  /** Takes the values of lines of an env file for no secrets, also where a container has them. */
  allowEnvFile(text: string): void {
    for (const line of text.split("\n")) this.#plain.add(valueIn(line));
  }

  /**
   * Learns a container's environment, except for what is known to be plain and what stands in its compose file, which
   * anybody may read. Fails if there are so many values that hiding them would take minutes, in which nothing else
   * could happen.
   */
  learnEnvironment(environment: readonly string[], composeFile: string): void {
    const secret = environment.filter((variable) => !this.#plain.has(afterName(variable)));
    const lines = secret.flatMap((variable) => variable.split("\n"));
    this.#lines += lines.length;
    if (this.#lines > mostLines) throw new Error(`containers have more than ${mostLines} values`);
    for (const line of lines) {
      for (const part of [line, afterName(line)]) {
        if (!composeFile.includes(part)) this.#learnLine(part);
      }
    }
  }

  /** The first characters of a line, without any value that was learnt, nor the part of one where it is cut. */
  start(line: string, most: number): string {
    const longest = Math.max(0, ...[...this.#known].map(({ length }) => length));
    if (line.length <= most + longest) return this.text(line).slice(0, most);
    const masked = this.text(line.slice(0, most + longest));
    return masked.slice(0, Math.min(most, Math.max(0, masked.length - longest)));
  }

  /** A text without any value that was learnt. */
  text(log: string): string {
    this.#sorted ??= [...this.#known].sort((a, b) => b.length - a.length);
    let masked = log;
    for (const value of this.#sorted) masked = masked.replaceAll(value, "***");
    return this.hidesLines
      ? masked
          .split("\n")
          .map((line) => this.#line(line))
          .join("\n")
      : masked;
  }

  /** Hides a line in which a short value is a word of its own. */
  #line(line: string): string {
    return [...this.#short].some((value) => isWordIn(value, line)) ? "***" : line;
  }

  #learnLine(line: string): void {
    if (line.length < shortest || this.#learnt.has(line)) return;
    this.#learnt.add(line);
    this.#sorted = undefined;
    for (const form of formsOf(line)) if (form.length >= shortest) this.#known.add(form);
    if (line.endsWith("\r")) this.#learnLine(line.slice(0, -1));
  }
}

/** Tells whether a line has a value that is no part of a longer word. */
function isWordIn(value: string, line: string): boolean {
  for (let at = line.indexOf(value); at >= 0; at = line.indexOf(value, at + 1)) {
    const [before = "", after = ""] = [line[at - 1], line[at + value.length]];
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

/** Every form in which programs print a value. */
function formsOf(value: string): string[] {
  return [value, ...quoted(value), ...inUrl(value), ...inJson(value), inHtml(value), ...encoded(value)];
}

/** As programs write JSON that escape more than they must: slashes (PHP), letters (Python), what HTML reads (Go). */
function inJson(value: string): string[] {
  const codes = (text: string, some: RegExp): string =>
    text.replaceAll(some, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = codes(json, /[^\0-\x7f]/g);
  const slashes = [json, ascii].map((text) => text.replaceAll("/", "\\/"));
  return [json, ascii, ...slashes, codes(json, /[<>&\u2028\u2029]/g)];
}

function inHtml(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** As an error or a JSON line prints a text, also one within another, and as shells quote it. */
function quoted(value: string): string[] {
  const escape = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\t", "\\t");
  const once = escape(value);
  return [once, escape(once), value.replaceAll("'", "'\\''"), value.replaceAll("'", `'"'"'`)];
}

function inUrl(value: string): string[] {
  const percent = (text: string, kept: RegExp): string =>
    [...Buffer.from(text)]
      .map((byte) => {
        const character = String.fromCharCode(byte);
        return kept.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
      })
      .join("");
  const urls = [percent(value, /[A-Za-z0-9_.~-]/), percent(value, /[A-Za-z0-9_.~!'()*-]/)];
  return urls.flatMap((url) => [url, url.replaceAll("%20", "+")]);
}

/**
 * Hexadecimal digits, and base64, which has three forms depending on the bytes before it; its ends depend on the
 * bytes beside it.
 */
function encoded(value: string): string[] {
  const hex = Buffer.from(value).toString("hex");
  const base64 = ["", "-", "--"].map((before) => {
    const bytes = Buffer.from(before + value);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString("base64");
    return before === "" ? whole : whole.slice(4);
  });
  return [hex, hex.toUpperCase(), ...base64.filter((form) => form.length >= 2 * shortest)];
}

function afterName(variable: string): string {
  return variable.slice(variable.indexOf("=") + 1);
}

/** Takes the lines of variables with these names out of the text of an env file. */
export function linesOf(text: string, names: readonly string[]): string[] {
  const named = new Set(names);
  return text.split("\n").filter((line) => named.has(line.slice(0, Math.max(0, line.indexOf("=")))));
}

/** The value in a line of an env file; the line itself where it is no variable. */
function valueIn(line: string): string {
  const value = line.replace(/^[A-Za-z_][A-Za-z0-9_.-]*=/, "");
  if (!/^".*"$/s.test(value)) return value;
  return value.slice(1, -1).replaceAll(/\\(.)/gs, (_whole, letter: string) => unescapes[letter] ?? letter);
}
