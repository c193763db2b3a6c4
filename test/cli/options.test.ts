import { describe, expect, it, test } from "vitest";
import { declare } from "../../cli/declaration/declaration.ts";
import { readOptions, takeOptions } from "../../cli/options.ts";

const copy = declare({
  name: "copy",
  ...{ summary: "copies", details: [], examples: [] },
  stack: "one",
  options: {
    json: { type: "boolean", summary: "" },
    out: { type: "string", value: "<file>", summary: "" },
    image: { type: "string", multiple: true, value: "<image>", summary: "" },
  },
  words: { form: "<service>" },
});
const read = (line: string) => readOptions(line.split(" ").filter(Boolean), copy);

describe("the options of a command", () => {
  it("have the types that the command declares", () => {
    expect(read("").own).toEqual({});
    const own = { json: true, out: "a", image: ["web", "api"] };
    expect(read("--json one --out a --image web --image=api two")).toEqual({ own, rest: ["one", "two"] });
  });

  test.each([
    ["--jsn", "--jsn: is not an option of `slipway copy`; did you mean '--json'"],
    ["--stac dev", "--stac: is not an option of `slipway copy`; did you mean '--stack'"],
    ["--force", "--force: is not an option of `slipway copy`; use one of --json, --out, --image"],
    ["-x", "-x: is not an option of `slipway copy`; use one of --json, --out, --image"],
    ["--json=yes", "--json: takes no value, got 'yes'; leave it out"],
    ["--out", "--out: has no value; write it as --out <file>"],
    ["--out=", "--out: has no value; write it as --out <file>"],
    ["--out --json", "--out: has no value, got the option '--json' behind it; write it as --out <file>"],
    ["--oot x --jsn", "--jsn: is not an option of `slipway copy`; did you mean '--json'\n--oot: is not an option of"],
  ])("reject %s", (line, message) => {
    expect(() => read(line)).toThrow(message);
  });

  it("reject further words of a command that takes none", () => {
    const wordless = { name: "copy", stack: "one", options: {} } as const;
    const message = "slipway copy: takes no such argument, got 'one two'; see `slipway help copy`";
    expect(() => readOptions(["one", "two"], wordless)).toThrow(message);
  });
});

describe("options among words of Pulumi", () => {
  const options = { plan: { type: "string", short: "p", value: "<file>", summary: "" } } as const;

  test.each([
    ["--yes --plan a --diff -m note", "--yes --diff -m note"],
    ["--plan=a -- --plan b", "-- --plan b"],
    ["-cplan=1 -pa", "-cplan=1"],
    ["-yp b -p a", "-yp b"],
  ])("are taken out of %s", (line, rest) => {
    expect(takeOptions(line.split(" "), options)).toEqual({ own: { plan: "a" }, rest: rest.split(" ") });
  });

  it("reject one without its value", () => {
    expect(() => takeOptions(["--plan"], options)).toThrow("--plan: has no value; write it as --plan <file>");
  });
});
