import { describe, expect, it } from "vitest";
import { readContract } from "../../../secrets/contract/contract.ts";

describe("a contract", () => {
  it.each([
    [
      "a misspelt rule",
      "# optinal\nA=\n",
      ".env.example:1: is not a rule, got 'optinal'; did you mean 'optional'; " +
        "write more than one word if it is not a rule",
    ],
    [
      "a minimum that is no number",
      "# min many\nA=\n",
      ".env.example:1: is not a rule, got 'min many'; write a number behind 'min'",
    ],
    [
      "an expression that does not compile",
      "# matches [a-\nA=\n",
      ".env.example:1: is not a rule, got 'matches [a-'; write a regular expression behind 'matches'",
    ],
    [
      "a list of something unknown",
      "# list of urls\nA=\n",
      ".env.example:1: is not a rule, got 'list of urls'; write one of url, port, email, integer, base64, " +
        "domain, absolute path behind 'list of'",
    ],
    [
      "nothing to choose from",
      "# one of\nA=\n",
      ".env.example:1: is not a rule, got 'one of'; write the values behind it, with spaces between them",
    ],
    [
      "a prefix without a star",
      "# --- prefix R2: storage ---\nR2_A=\n",
      ".env.example:1: is not a prefix, got 'prefix R2: storage'; write it like 'prefix R2_*: object storage'",
    ],
    ["a variable there twice", "A=\nA=\n", ".env.example:2: A is already defined at .env.example:1; keep one of them"],
    [
      "a line that is nothing",
      "A\n",
      ".env.example:1: is neither `NAME=value` nor a comment; correct or remove the line",
    ],
  ])("rejects %s", (_, text, problem) => {
    const { problems } = readContract(".env.example", Buffer.from(text));
    expect(problems.map(({ path, what, todo }) => `${path}: ${what}; ${todo}`)).toEqual([problem]);
  });

  it("knows all its names unless one of its lines cannot be read", () => {
    const names = (line: string): string => readContract(".env.example", Buffer.from(`${line}\nA=\n`)).contract.names;
    expect([names("# optional"), names("# optinal"), names("B")]).toEqual([
      "known",
      "not known here",
      "not known here",
    ]);
  });
});
