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

const schemaNode = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});

/** The keys of a schema, with `*` for the names of a map that users choose. */
function keysOf(schema: unknown, path = ""): string[] {
  const parsed = schemaNode.safeParse(schema);
  const { properties = {}, additionalProperties } = parsed.success ? parsed.data : {};
  const named = Object.entries(properties).flatMap(([key, below]) => [
    `${path}${key}`,
    ...keysOf(below, `${path}${key}.`),
  ]);
  return typeof additionalProperties === "object" ? [...named, ...keysOf(additionalProperties, `${path}*.`)] : named;
}

const keys = keysOf(z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" })).sort();

/** The keys that the reference shows, with the same `*`. */
function shown(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, below]: [string, unknown]) => {
    const at = keys.includes(`${path}${key}`) ? `${path}${key}` : `${path}*`;
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
    expect(readDraft(Object.fromEntries(texts), environment).problems).toEqual([]);
  });

  it("shows every key that the schema has, and no other", () => {
    expect([...new Set(shown(reference))].sort()).toEqual(keys);
  });

  it("says with each key what it is for", () => {
    const lines = text.split("\n");
    const silent = lines.filter((line, index) => {
      const key = /^ *([a-zA-Z]+):/.exec(line)?.[1];
      const isKey = key !== undefined && keys.some((path) => path === key || path.endsWith(`.${key}`));
      return isKey && !/^ *#/.test(lines[index - 1] ?? "");
    });
    // `api` and `postgres` are names of services, and stand below `ports`, `services` and `images`.
    expect(silent).toEqual([]);
  });

  it.each([
    ["host.port", "22"],
    ["compose", "compose.yaml"],
    ["services.*.boot", "60 seconds"],
    ["services.*.release", "false"],
    ["release.file", "release.json"],
    ["env.timeout", "60 seconds"],
  ])("says the default of %s as the schema has it", (key, value) => {
    const last = key.split(".").at(-1) ?? "";
    const comment = new RegExp(`#([^\\n]*)\\n *${last}:`).exec(text)?.[1];
    expect(comment).toContain(`${value} unless given`);
    expect(JSON.stringify(defaultOf(key))).toContain(value);
  });
});

function defaultOf(key: string): unknown {
  const schema = z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" });
  const words = key.split(".").flatMap((word) => (word === "*" ? ["additionalProperties"] : ["properties", word]));
  const found = words.reduce<unknown>((at, word) => z.record(z.string(), z.unknown()).parse(at)[word], schema);
  return z.record(z.string(), z.unknown()).parse(found)["default"];
}
