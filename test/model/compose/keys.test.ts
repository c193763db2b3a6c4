import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify, parse } from "yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { read } from "./trial.ts";
import { keySamples } from "./key-samples.ts";

const folder = dirname(createRequire(import.meta.url).resolve("dclint/package.json"));
const keys = z.looseObject({ properties: z.record(z.string(), z.unknown()) });
const specification = keys
  .extend({ definitions: z.record(z.string(), z.looseObject({ properties: keys.shape.properties.optional() })) })
  .parse(JSON.parse(readFileSync(join(folder, "schemas", "compose.schema.json"), "utf8")));

/** All keys of the specification at a place. */
function keysAt(place: string): string[] {
  const properties = place === "" ? specification.properties : specification.definitions[place]?.properties;
  return Object.keys(properties ?? {}).sort();
}

const files = {
  "x.txt": "x",
  "other.txt": "o",
  "more.yaml": "services: { more: { image: m } }\n",
  "labels.env": "a=b\n",
};

/** An application that uses one of everything, with these top-level keys, and these fields of its parts. */
function application(top: object, parts: Readonly<Record<string, object>>): object {
  const used = { networks: ["one"], volumes: ["one:/one"], secrets: ["one"], configs: ["one"] };
  return {
    services: {
      api: { image: "a", ...parts["service"] },
      db: { image: "d", init: true },
      all: { image: "x", ...used },
    },
    networks: { one: { ...parts["network"] } },
    volumes: { one: { ...parts["volume"] } },
    secrets: { one: parts["secret"] ?? { file: "x.txt" } },
    configs: { one: parts["config"] ?? { file: "x.txt" } },
    ...top,
  };
}

/** Everything that is read of a file and told about it. */
function told(content: object): string {
  const result = read(stringify(content), { files, variables: { OTHER: "o" } });
  return JSON.stringify(result, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value));
}

/** The keys of which a secret or config has one. */
const contents = ["file", "environment", "content", "external"];

/** The application with the sample of a key, beside what the key needs. */
function withKey(place: string, key: string): object {
  const field = { [key]: parse(keySamples[place]?.[key] ?? "") as unknown };
  if (place === "") return application(field, {});
  const isFile = (place === "secret" || place === "config") && !contents.includes(key);
  return application({}, { [place]: { ...(isFile && { file: "x.txt" }), ...field } });
}

const places = Object.keys(keySamples);

describe("each key of the Compose specification", () => {
  it.each(places)("has a sample here: %s", (place) => {
    expect(Object.keys(keySamples[place] ?? {}).sort()).toEqual(keysAt(place));
  });

  it.each(places.flatMap((place) => keysAt(place).map((key) => [place === "" ? "top level" : place, key, place])))(
    "of a %s is carried, refused or told, never dropped in silence: %s (F142)",
    (_, key, place) => {
      expect(told(withKey(place, key))).not.toBe(told(application({}, {})));
    },
  );
});
