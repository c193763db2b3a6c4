import { describe, expect, it } from "vitest";
import { parseCompose, type ComposeText } from "../../../model/compose/text.ts";
import { describeProblem } from "../../../model/problem.ts";

function parse(yaml: string): ComposeText {
  const text = parseCompose("compose.yaml", yaml);
  if ("content" in text) return text;
  throw new Error(text.map(describeProblem).join("\n"));
}

function problems(yaml: string): string[] {
  const text = parseCompose("compose.yaml", yaml);
  return "content" in text ? [] : text.map(describeProblem);
}

describe("a compose file as YAML", () => {
  it("resolves anchors and merge keys, and prefers the service's own values", () => {
    const { content } = parse("x: &x { a: 1, b: 2 }\ny: &y { c: 3 }\nservices:\n  api: { <<: [*x, *y], b: 5 }\n");
    expect(content["services"]).toEqual({ api: { a: 1, b: 5, c: 3 } });
  });

  it.each([
    ["yes", "yes"],
    ["no", "no"],
    ["on", "on"],
    ["22:22", "22:22"],
    ["0444", 0o444],
    ["0o444", 0o444],
    ["1.10", 1.1],
    ["0x10", 16],
    ["08", 8],
    ["true", true],
    ["~", null],
    ["2001-01-01", "2001-01-01 00:00:00 +0000 UTC"],
    ["2001-1-2T3:04:05.60Z", "2001-01-02 03:04:05.6 +0000 UTC"],
    ["2001-01", "2001-01"],
  ])("reads %s as Compose does", (written, value) => {
    expect(parse(`a: ${written}\n`).content["a"]).toBe(value);
  });

  it("may have hundreds of aliases, as files of many services do (M7)", () => {
    const services = Array.from({ length: 300 }, (_, index) => `  s${index}: { <<: *x, labels: *l }\n`).join("");
    const { content } = parse(`x: &x { image: i }\nl: &l { a: b }\nservices:\n${services}`);
    expect(content["services"]).toHaveProperty("s299", { image: "i", labels: { a: "b" } });
  });

  it("lacks the parts that !reset marks, and lists them with those of !override", () => {
    const text = parse(
      "x: &x { a: !reset null, b: 1 }\ns:\n  <<: *x\n  c: !override [1]\n  d: [1, !reset 2, 3]\n  e: { <<: [*x] }\n",
    );
    expect(text.content).toEqual({ x: { b: 1 }, s: { b: 1, c: [1], d: [1, 3], e: { b: 1 } } });
    expect(text.removals.map((keys) => keys.join("."))).toEqual(["x.a", "s.a", "s.d.1", "s.e.a", "s.c"]);
  });

  it("knows the place of every key and item", () => {
    const text = parse("a:\n  b:\n    - x\n    - y: 1\nc: &c { d: 1 }\ne:\n  <<: *c\nf: *c\n");
    expect(text.place(["a"])).toBe("compose.yaml:1:1");
    expect(text.place(["a", "b", 1])).toBe("compose.yaml:4:7");
    expect(text.place(["a", "b", "1", "y"])).toBe("compose.yaml:4:7");
    expect(text.place(["e", "d"])).toBe("compose.yaml:5:9");
    expect(text.place(["f", "d"])).toBe("compose.yaml:5:9");
    expect(text.place(["a", "nothing", "below"])).toBe("compose.yaml:1:1");
    expect(text.place([])).toBe("compose.yaml:1:1");
    expect(text.depth(["a", "b", "1", "y", "z"])).toBe(4);
    const list = parse("e:\n  - B=1\n  - A=2\n");
    expect(list.place(["e", "A"])).toBe("compose.yaml:3:5");
  });

  it.each([
    [
      "a broken map",
      "services:\n  api: {\n",
      [
        "compose.yaml:3:1: is not YAML that Compose accepts: Flow map in block collection must be sufficiently " +
          "indented and end with a }; correct the YAML",
      ],
    ],
    [
      "a key twice",
      "a: 1\na: 2\n",
      ["compose.yaml:2:1: is not YAML that Compose accepts: Map keys must be unique; correct the YAML"],
    ],
    [
      "a tab",
      "a:\n\tb: 1\n",
      ["compose.yaml:2:1: is not YAML that Compose accepts: Tabs are not allowed as indentation; correct the YAML"],
    ],
    [
      "an unknown anchor",
      "a: *b\n",
      [
        "compose.yaml:1:4: cannot be read: Unresolved alias (the anchor must be set before the alias): b; " +
          "correct the YAML",
      ],
    ],
    ["two documents", "a: 1\n---\nb: 1\n", ["compose.yaml:2:1: holds more than one YAML document; correct the YAML"]],
    [
      "a tag that Compose does not have",
      "a: !reste null\n",
      ["compose.yaml:1:4: is not YAML that Compose accepts: Unresolved tag: !reste; correct the YAML"],
    ],
    ["a list", "- a\n", ["compose.yaml:1:1: is not a map of services; begin with `services:`"]],
    ["nothing", "", ["compose.yaml:1:1: is not a map of services; begin with `services:`"]],
    [
      "a number that would lose digits",
      "a:\n  id: 12345678901234567890\n",
      ["compose.yaml:2:3: a.id has too many digits for a number; write it in quotes"],
    ],
    [
      "aliases that grow without end",
      `a: &a [x, x, x]\n${"bcdefghij".replace(/./g, (letter, index: number) => {
        const before = "abcdefghi".charAt(index);
        return `${letter}: &${letter} [${`*${before}, `.repeat(30)}]\n`;
      })}`,
      [
        "compose.yaml:5:8: becomes more than 100000 values when its aliases are written out; " +
          "use fewer aliases inside of what other aliases stand for",
      ],
    ],
    [
      "an alias for what it is part of",
      "a: &a\n  b: *a\n",
      [
        "compose.yaml:2:6: becomes more than 100000 values when its aliases are written out; " +
          "use fewer aliases inside of what other aliases stand for",
      ],
    ],
  ])("rejects %s with its place", (_, yaml, expected) => {
    expect(problems(yaml)).toEqual(expected);
  });
});
