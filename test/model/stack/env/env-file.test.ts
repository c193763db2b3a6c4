import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../../../model/compose/env/dotenv.ts";
import { envFileProblems, writeEnvFile, type EnvVariable } from "../../../../model/stack/env/env-file.ts";
import { configurationError, describeProblem } from "../../../../model/problem.ts";

/** Variables of the project's environment that a wrong interpolation would use. */
const known: Readonly<Record<string, string>> = { X: "filled in", HOME: "/root", A: "filled in" };

const traps = [
  ...['"', "'", "$", "\\", "#", " ", "\n", "\r", "\t", "=", ":", "`", "{", "}", "X", "A", "n", "r", "0", "a"],
  ...[
    "${X}",
    "$X",
    "$$",
    "${X:-d}",
    "$(id)",
    "\\n",
    "\\$",
    "\\\\",
    '\\"',
    "'\\''",
    " #",
    "\r\n",
    "export ",
    "\ufeff",
    "\u0001",
    "\u001b",
    "\u000b",
    "\u0085",
    "\u2028",
    "\u00a0",
    "é",
    "日本",
    "🚀",
    "  ",
  ],
];
const value = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...traps) },
      { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join("").replaceAll("\0", ""));
const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,12}$/),
  fc.constantFrom("export", "A", "X", "HOME", "PATH", "discovery.type"),
);
const variables = fc.uniqueArray(fc.record({ name, value }), { selector: (variable) => variable.name, maxLength: 8 });

/** The variables that Compose finds in a text, or the number of a line that is none. */
function readBack(text: string): [string, string][] | number {
  const parsed = parseDotenv(text, (name) => known[name]);
  return "line" in parsed ? parsed.line : [...parsed.variables];
}

function problemsOf(...list: [string, string][]): string[] {
  return envFileProblems(
    list.map(([name, value]) => ({ name, value })),
    "env",
  ).map(describeProblem);
}

describe("an env file", () => {
  it("keeps the order of its variables and quotes every value", () => {
    expect(
      writeEnvFile([
        { name: "URL", value: "postgres://a:b$c@d/e?f=#g" },
        { name: "EMPTY", value: "" },
        { name: "KEY", value: 'a "b"\n\tc\\d\r' },
      ]),
    ).toBe('URL="postgres://a:b\\$c@d/e?f=#g"\nEMPTY=""\nKEY="a \\"b\\"\\n\\tc\\\\d\\r"\n');
  });

  it("gives Compose every value back and fills in nothing (F110)", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(variables, (list) => {
        const expected = list.map(({ name, value }) => [name, value]);
        expect(readBack(writeEnvFile(list))).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ["of nothing but spaces", "   "],
    ["that looks like a comment", " # a"],
    ["that ends in a backslash", "a\\"],
    ["of one quote", '"'],
    ["of many lines", "-----BEGIN\nA=B\n'#\n-----END\n"],
    ["with a byte order mark", "\ufeffa\ufeff"],
    ["of 128 KiB", "$".repeat(128 * 1024 - 3)],
  ])("gives back a value %s", (_, value) => {
    expect(
      readBack(
        writeEnvFile([
          { name: "A", value },
          { name: "B", value: "" },
        ]),
      ),
    ).toEqual([
      ["A", value],
      ["B", ""],
    ]);
  });

  it.each<[string, [string, string][], string]>([
    [
      "a NUL",
      [["A", "secret\0"]],
      "env.A: contains a NUL, which no variable can hold; encode the value, for instance as base64",
    ],
    [
      "a lone surrogate",
      [["A", "secret\ud83d"]],
      "env.A: contains half a character (a lone surrogate); correct the value",
    ],
    [
      "a duplicate name",
      [
        ["A", "secret"],
        ["A", "secret"],
      ],
      "env.A: is defined twice; keep one of them",
    ],
    [
      "a value that is too long for a container (F54)",
      [["A", "é".repeat(64 * 1024)]],
      "env.A: is longer than the kernel's 131072 bytes for one variable, got 131075 bytes; deliver it as a file",
    ],
  ])("rejects %s without printing a value", (_, list, message) => {
    expect(problemsOf(...list)).toEqual([message]);
  });

  it.each(["", "1A", "A B", "A=B", "-A", "Ä", "A\n", "A[0]"])("rejects the name %j", (bad) => {
    expect(problemsOf([bad, "secret"])).toEqual([
      `env.${bad.replace("\n", "\\n")}: is not a valid variable name, got ${JSON.stringify(bad)}; ` +
        `use letters, digits, \`_\`, \`.\` and \`-\`, and begin with a letter or \`_\``,
    ]);
  });

  it("rejects all mistakes at once", () => {
    const list: EnvVariable[] = [
      { name: "B", value: "\0" },
      { name: "A", value: "\0" },
    ];
    expect(() => writeEnvFile(list)).toThrow(configurationError(envFileProblems(list, "env")));
    expect(envFileProblems(list, "env")).toHaveLength(2);
  });
});
