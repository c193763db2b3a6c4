import { Buffer } from "node:buffer";

/** Characters of the shortest hidden value. A shorter one would make every log unreadable, and hides nothing. */
const shortest = 4;

const unescapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * Hides secrets in logs, which are shown to people and kept by CI: every value that it learnt, in every form in which
 * programs print one (F112).
 */
export class Mask {
  readonly #known = new Set<string>();
  readonly #learnt = new Set<string>();
  #sorted: readonly string[] | undefined;

  /** Learns a value; one of several lines is hidden line by line. */
  learn(value: string): void {
    for (const line of value.split("\n")) this.#learnLine(line);
  }

  /** Learns the values of an env file, as slipway writes it and as people do. */
  learnEnvFile(text: string): void {
    for (const line of text.split("\n")) this.learn(valueIn(line));
  }

  /** Learns a container's environment, except for what stands in its compose file, which anybody may read. */
  learnEnvironment(environment: readonly string[], composeFile: string): void {
    for (const variable of environment) {
      for (const line of variable.split("\n")) {
        for (const part of [line, line.slice(line.indexOf("=") + 1)]) {
          if (!composeFile.includes(part)) this.#learnLine(part);
        }
      }
    }
  }

  /** A text without any value that was learnt. */
  text(log: string): string {
    this.#sorted ??= [...this.#known].sort((a, b) => b.length - a.length);
    let masked = log;
    for (const value of this.#sorted) masked = masked.replaceAll(value, "***");
    return masked;
  }

  #learnLine(line: string): void {
    if (line.length < shortest || this.#learnt.has(line)) return;
    this.#learnt.add(line);
    this.#sorted = undefined;
    for (const form of formsOf(line)) if (form.length >= shortest) this.#known.add(form);
    if (line.endsWith("\r")) this.#learnLine(line.slice(0, -1));
  }
}

/** Every form in which programs print a value. */
function formsOf(value: string): string[] {
  return [value, ...quoted(value), ...inUrl(value), ...encoded(value)];
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

/** The value in a line of an env file; the line itself where it is no variable. */
function valueIn(line: string): string {
  const value = line.replace(/^[A-Za-z_][A-Za-z0-9_.-]*=/, "");
  if (!/^".*"$/s.test(value)) return value;
  return value.slice(1, -1).replaceAll(/\\(.)/gs, (_whole, letter: string) => unescapes[letter] ?? letter);
}
