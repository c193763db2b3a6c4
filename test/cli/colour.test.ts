import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paint, wantsColour } from "../../cli/colour.ts";
import { print, printError, printJson } from "../../cli/output.ts";
import { UserError } from "../../model/problem.ts";

const terminal = { isTTY: true };
const pipe = {};

test.each([
  [{}, terminal, true],
  [{}, pipe, false],
  [{ CI: "true" }, terminal, false],
  [{ CI: "false" }, terminal, true],
  [{ NO_COLOR: "1" }, terminal, false],
  [{ NO_COLOR: "" }, terminal, true],
  [{ TERM: "dumb" }, terminal, false],
  [{ FORCE_COLOR: "1" }, pipe, true],
  [{ FORCE_COLOR: "1", CI: "true" }, pipe, true],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, pipe, true],
  [{ FORCE_COLOR: "0" }, terminal, false],
  [{ FORCE_COLOR: "" }, terminal, true],
])("with %j, an output to %j is in colour: %s", (environment, stream, coloured) => {
  expect(wantsColour(environment, stream)).toBe(coloured);
});

let written: string[];

beforeEach(() => {
  written = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test("a line keeps its text in colour and without, and a foreign text steers no terminal", () => {
  const line = [
    { tone: "added", text: "api \u001b[2J" },
    { tone: "plain", text: " starts" },
  ] as const;
  vi.stubEnv("FORCE_COLOR", "1");
  print(line);
  vi.stubEnv("FORCE_COLOR", "0");
  print(line);
  const text = "api \\u001b[2J";
  expect(written).toEqual([`${paint("added", text)} starts\n`, `${text} starts\n`]);
  expect(paint("added", text)).toBe(`\u001b[32m${text}\u001b[39m`);
});

test("an error is in colour by the same rule, and JSON never is", () => {
  vi.stubEnv("FORCE_COLOR", "1");
  printError(new UserError({ path: "a", what: "is wrong", todo: "correct it" }));
  printJson({ a: 1 });
  expect(written).toEqual([`${paint("error", "a: is wrong; correct it")}\n`, '{\n  "a": 1\n}\n']);
});
