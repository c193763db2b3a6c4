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
  ])("reads %s as Compose does", (written, value) => {
    expect(parse(`a: ${written}\n`).content["a"]).toBe(value);
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
      "a tag that Compose has for merging files",
      "a: !reset null\n",
      ["compose.yaml:1:4: is not YAML that Compose accepts: Unresolved tag: !reset; correct the YAML"],
    ],
    ["a list", "- a\n", ["compose.yaml:1:1: is not a map of services; begin with `services:`"]],
    ["nothing", "", ["compose.yaml:1:1: is not a map of services; begin with `services:`"]],
    [
      "a number that would lose digits",
      "a:\n  id: 12345678901234567890\n",
      ["compose.yaml:2:3: a.id has too many digits for a number; write it in quotes"],
    ],
    [
      "an alias that grows without end",
      `a: &a [x, x, x]\nb: &b [${"*a, ".repeat(30)}]\nc: &c [${"*b, ".repeat(30)}]\nd: [${"*c, ".repeat(30)}]\n`,
      [
        "compose.yaml:1:1: cannot be read: Excessive alias count indicates a resource exhaustion attack; " +
          "correct the YAML",
      ],
    ],
  ])("rejects %s with its place", (_, yaml, expected) => {
    expect(problems(yaml)).toEqual(expected);
  });
});
