import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Json, JsonMap } from "../../../model/json.ts";
import { escapeForCompose, writeYaml } from "../../../model/render/yaml.ts";

const traps = fc.constantFrom(
  ...[
    "no",
    "on",
    "y",
    "~",
    "null",
    "true",
    "22:22",
    "1_000",
    "0644",
    "0o14",
    "0x1f",
    "12e3",
    ".5",
    "2001-01-01",
    "<<",
    "=",
    "",
    " ",
  ],
  ...[
    "a\nb",
    "a\nb\n",
    "a\n\n b\n\n",
    " a\nb",
    "a \nb",
    "\n",
    "\ta\nb",
    "a\n\tb",
    "a\r\nb",
    "# a",
    "a # b",
    "a: b",
    "- a",
    "&a",
    "*a",
    "!a",
    "${X:-$$y}",
  ],
  ...[
    "\u0000",
    "\u001b",
    "\u007f",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\ufffe",
    "é",
    "日本",
    "🚀",
    "'",
    '"',
    "\\",
    "\\n",
    "%",
    "@",
    "`",
    "{{",
    "x".repeat(200),
  ],
);
const text = fc.oneof(
  traps,
  fc.string({ unit: "binary" }),
  fc.array(traps, { maxLength: 4 }).map((parts) => parts.join("")),
);
const { json } = fc.letrec<{ json: Json; map: JsonMap }>((tie) => ({
  json: fc.oneof(
    { weight: 4, arbitrary: text },
    {
      arbitrary: fc.oneof(
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
      weight: 1,
    },
    { weight: 1, arbitrary: fc.array(tie("json"), { maxLength: 3 }) },
    { weight: 1, arbitrary: tie("map") },
  ),
  map: fc.dictionary(text, tie("json"), { maxKeys: 4, noNullPrototype: true }),
}));
const data = fc.dictionary(text, json, { maxKeys: 4, noNullPrototype: true });

/**
 * Replaces negative zero, whose sign may or may not be written. JSON.parse would do it as well, but it was once seen to
 * take a key of one NUL for another.
 */
function normal(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => normal(one));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, normal(one)]));
}

describe("YAML for Compose and Traefik", () => {
  it("means the same to parsers of YAML 1.2 and 1.1", () => {
    fc.assert(
      fc.property(data, (any) => {
        const yaml = writeYaml(any);
        expect(normal(parse(yaml))).toEqual(normal(any));
        expect(normal(parse(yaml, { version: "1.1", merge: false }))).toEqual(normal(any));
      }),
      { numRuns: 500 },
    );
  });

  it("contains only what Go's parser accepts, and folds no line", () => {
    fc.assert(
      fc.property(data, (any) => {
        expect(writeYaml(any)).toMatch(
          /^[\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u,
        );
      }),
    );
    const long = `${"word ".repeat(100)}end`;
    expect(writeYaml({ a: long, b: `"${long}`, c: `${long}\nmore` })).toBe(
      `a: ${long}\nb: '"${long}'\nc: |-\n  ${long}\n  more\n`,
    );
  });

  it("is the same text for the same data: sorted maps, lists in order, no anchors", () => {
    const options = { b: 1, a: [2, 1] };
    expect(writeYaml({ z: options, x: options })).toBe(`x:
  a:
    - 2
    - 1
  b: 1
z:
  a:
    - 2
    - 1
  b: 1
`);
  });

  it("keeps the lines of a script readable, and escapes characters that a parser could misread", () => {
    expect(writeYaml({ a: "set -e\nrun\n", b: "set -e \nrun\n", c: "x\u2028y" })).toBe(
      'a: |\n  set -e\n  run\nb: "set -e\\ \\nrun\\n"\nc: "x\\u2028y"\n',
    );
  });

  it("quotes words of YAML 1.1 and numbers of Go", () => {
    expect(writeYaml({ restart: "no", ports: ["22:22", "0o7_7"] })).toBe(
      'ports:\n  - "22:22"\n  - "0o7_7"\nrestart: "no"\n',
    );
  });
});

it("escapes a text, so that Compose fills in nothing", () => {
  expect(escapeForCompose("/srv/$HOME/${A}/$$")).toBe("/srv/$$HOME/$${A}/$$$$");
});
