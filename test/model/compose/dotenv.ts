/**
 * Reads an env file by Compose's documented rules, to check the writer against: statements, three ways to quote,
 * escapes, interpolation. Variables in `known`, the project's environment, come before those of the same file.
 */
export function readComposeEnvFile(
  text: string,
  known: Readonly<Record<string, string>> = {},
): [name: string, value: string][] {
  const found: [string, string][] = [];
  const lookup = (name: string): string | undefined => known[name] ?? new Map(found).get(name);
  let rest = text.replace(/^\ufeff/, "");
  for (rest = skipBlank(rest); rest !== ""; rest = skipBlank(rest)) {
    const [, name, sign] = /^(?:export\s+)?([\p{L}\p{N}_.\-[\]]+)[ \t]*([=:]|$|(?=\r?\n))/u.exec(rest) ?? [];
    if (name === undefined) throw new Error(`no variable: ${rest.slice(0, 20)}`);
    rest = rest.replace(/^(?:export\s+)?[^=:\n]*[=:]?/u, "");
    if (sign === "") {
      const inherited = lookup(name);
      if (inherited !== undefined) found.push([name, inherited]);
      continue;
    }
    const value = readValue(rest.replace(/^[ \t]+/, ""), lookup);
    found.push([name, value.value]);
    rest = value.rest;
  }
  return found;
}

interface Value {
  readonly value: string;
  readonly rest: string;
}

type Lookup = (name: string) => string | undefined;

/** Skips blank lines and comments before a statement. */
function skipBlank(text: string): string {
  return text.replace(/^(?:\s+|#[^\n]*)*/u, "");
}

function readValue(text: string, lookup: Lookup): Value {
  if (text.startsWith('"')) {
    const [all, inside] = /^"((?:[^"\\]|\\[^])*)"/.exec(text) ?? [];
    if (all === undefined || inside === undefined) throw new Error("a double quote is not closed");
    return { value: interpolate(expandEscapes(inside), lookup), rest: text.slice(all.length) };
  }
  if (text.startsWith("'")) {
    const [all, inside] = /^'((?:[^'\\]|\\[^])*)'/.exec(text) ?? [];
    if (all === undefined || inside === undefined) throw new Error("a single quote is not closed");
    return { value: inside.replaceAll("\\'", "'"), rest: text.slice(all.length) };
  }
  const [line = ""] = text.split("\n");
  const value = line.replace(/(?:^|[ \t])#.*$/u, "").trimEnd();
  return { value: interpolate(value, lookup), rest: text.slice(line.length) };
}

const escaped: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  a: "\x07",
  b: "\b",
  c: "",
  f: "\f",
  '"': '"',
  "\\": "\\",
  // The interpolation turns two dollar signs into one.
  $: "$$",
};

function expandEscapes(text: string): string {
  return text.replace(/\\(0\d{0,3}|[^])/g, (all: string, code: string) =>
    code.startsWith("0") ? String.fromCharCode(parseInt(code, 8)) : (escaped[code] ?? all),
  );
}

function interpolate(text: string, lookup: Lookup): string {
  const pattern = /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^}]*))?\})/g;
  let filled = "";
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    const [all, dollar, bare, braced, sign = "", word = ""] = match;
    filled += text.slice(end, match.index) + (dollar ?? substitute(lookup(bare ?? braced ?? ""), sign, word));
    end = match.index + all.length;
  }
  return filled + text.slice(end);
}

function substitute(value: string | undefined, sign: string, word: string): string {
  const there = sign.startsWith(":") ? value !== undefined && value !== "" : value !== undefined;
  if (sign.endsWith("+")) return there ? word : "";
  if (there) return value ?? "";
  if (sign.endsWith("?")) throw new Error(word);
  return word;
}
