import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../../../model/compose/env/dotenv.ts";

const known: Readonly<Record<string, string>> = { SET: "value" };

function parse(text: string): [string, string][] | number {
  const parsed = parseDotenv(text, (name) => known[name]);
  return "line" in parsed ? parsed.line : [...parsed.variables];
}

describe("an env file", () => {
  it.each([
    ["A=1  \n", [["A", "1"]]],
    ["\ufeff# note\n\n  export A = x y # note\r\n", [["A", "x y"]]],
    [
      "A: 1\nb.c-d=#x\n",
      [
        ["A", "1"],
        ["b.c-d", ""],
      ],
    ],
    [
      "A=a#b\nB=\n",
      [
        ["A", "a#b"],
        ["B", ""],
      ],
    ],
    ["A='$SET # \"x\"' # note\n", [["A", '$SET # "x"']]],
    [
      'A="of $SET\\n${NONE}${NONE:-d}$$\\$" # note\nB=$A-$SET\n',
      [
        ["A", "of value\nd$$"],
        ["B", "of value\nd$$-value"],
      ],
    ],
    [
      'A="two\nlines"\nB=1',
      [
        ["A", "two\nlines"],
        ["B", "1"],
      ],
    ],
    [
      "A='it\\'s'\nB=\"\\0101\\q\"",
      [
        ["A", "it's"],
        ["B", "A\\q"],
      ],
    ],
    [
      'A=$SET\nB=${A:+e}${NO:+e}\nC="$$A\\$A"\n',
      [
        ["A", "value"],
        ["B", "e"],
        ["C", "$A$A"],
      ],
    ],
    [
      "SET\nNONE\nA=1\n",
      [
        ["SET", "value"],
        ["A", "1"],
      ],
    ],
  ])("is read as Compose reads it: %j", (text, variables) => {
    expect(parse(text)).toEqual(variables);
  });

  it.each([
    ["A=1\n=2\n", 2],
    ["A='x\n", 1],
    ["A='x\\'\n", 1],
    ['A="x\n', 1],
    ['A=1\n\nB="x" y\n', 3],
    ["A b\n", 1],
    ["A=${\n", 1],
  ])("has a line that is none: %j", (text, line) => {
    expect(parse(text)).toBe(line);
  });
});
