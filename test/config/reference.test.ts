import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readDraft } from "../../config/draft.ts";
import { environmentSchema } from "../../config/schema.ts";
import { checkout } from "../../toolchain/paths.ts";

const text = readFileSync(join(checkout, "config", "reference.yaml"), "utf8");
const reference = z.record(z.string(), z.unknown()).parse(parse(text));

/** Keys by path, with `*` for the names in a map that users choose. */
type Keys = ReadonlyMap<string, unknown>;

/** The keys of a schema, with their defaults. */
function keysOf(schema: z.core.$ZodType, path = ""): Keys {
  if (schema instanceof z.ZodRecord) return keysOf(schema.valueType, `${path}*.`);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return keysOf(schema.unwrap(), path);
  if (schema instanceof z.ZodPipe) return keysOf(schema.in, path);
  if (!(schema instanceof z.core.$ZodObject)) return new Map();
  const { shape, catchall } = schema._zod.def;
  const fields = Object.entries(shape);
  return new Map([
    ...fields.flatMap(([key, below]): [string, unknown][] => [
      [`${path}${key}`, defaultOf(below)],
      ...keysOf(below, `${path}${key}.`),
    ]),
    ...(catchall === undefined ? [] : keysOf(catchall, `${path}*.`)),
  ]);
}

function defaultOf(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

/** A configuration has either `host` or `hosts`, and the reference shows the short one. */
const short = /^hosts?(\.\*)?(?=\.|$)/;

const all = keysOf(environmentSchema);
const keys: Keys = new Map([...all].filter(([path]) => !path.startsWith("hosts")));

/** A default in words; undefined for none, and for empty maps and lists, which need no words. */
function inWords(value: unknown): string | undefined {
  const file = z.strictObject({ path: z.string(), named: z.literal(false) }).safeParse(value);
  if (file.success) return file.data.path;
  const empty = value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
  return empty ? undefined : typeof value === "string" ? value : JSON.stringify(value);
}

/** The comment above each key of the reference that has a line of its own. */
function comments(): Map<string, string> {
  const found = new Map<string, string>();
  const parents: string[] = [];
  let comment: string[] = [];
  for (const line of text.split("\n")) {
    const [, indent = "", words, key] = /^( *)(?:# (.*)|([^\s#:]+):(?: .*)?)$/.exec(line) ?? [];
    if (words !== undefined) comment.push(words);
    else {
      if (key !== undefined) {
        parents.length = indent.length / 2;
        const path = [...parents, key].join(".");
        parents.push(keys.has(path) ? key : "*");
        if (keys.has(path)) found.set(path, [found.get(path) ?? "", ...comment].join(" ").trim());
      }
      comment = [];
    }
  }
  return found;
}

/** The keys that the reference shows, with the same `*`. */
function shown(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, below]: [string, unknown]) => {
    const at = keys.has(`${path}${key}`) ? `${path}${key}` : `${path}*`;
    return [...(at.endsWith("*") ? [] : [at]), ...shown(below, `${at}.`)];
  });
}

describe("the reference", () => {
  it("is a configuration without problems", () => {
    const texts = Object.entries(reference).map(([key, value]): [string, string] => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const environment = { SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy" };
    expect(readDraft({ texts: Object.fromEntries(texts), environment, stack: "staging" }).problems).toEqual([]);
  });

  it("shows exactly the keys of the schema", () => {
    expect([...new Set(shown(reference))].sort()).toEqual([...keys.keys()].sort());
  });

  it("names the long form of host in its comment, and both forms have the same keys and defaults", () => {
    const of = (key: string) => [...all].filter(([path]) => path.split(".")[0] === key);
    const renamed = of("hosts").flatMap(([path, value]) =>
      path === "hosts" ? [] : [[path.replace(short, "host"), value]],
    );
    expect(renamed).toEqual(of("host").filter(([path]) => path !== "host"));
    expect(comments().get("host")).toContain("short for hosts: { main: … }");
  });

  it("explains every key in a comment above it", () => {
    const explained = [...comments()].flatMap(([path, comment]) => (comment === "" ? [] : [path]));
    expect(explained.sort()).toEqual([...keys.keys()].sort());
  });

  it("says for every key with a default the schema's default", () => {
    const said = [...comments()].flatMap(([path, comment]) => {
      const value = / Default: (.+?)\.(?: |$)/.exec(comment)?.[1];
      return value === undefined ? [] : [[path, value]];
    });
    const defaults = [...keys].flatMap(([path, value]) => {
      const words = inWords(value);
      return words === undefined ? [] : [[path, words]];
    });
    // The schema does not know the stack's name.
    expect(Object.fromEntries(said)).toEqual({ ...Object.fromEntries(defaults), environment: "the stack's name" });
  });
});
