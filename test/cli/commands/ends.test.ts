import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runToEnd } from "../../../cli/commands/commands.ts";
import type { Declaration } from "../../../cli/declaration/declaration.ts";
import { declarations } from "../../../cli/declaration/declarations.ts";
import { exitCodes } from "../../../cli/exit-code.ts";

/** A folder without a project, in which a command can only be refused. */
const empty = mkdtempSync(join(tmpdir(), "slipway-ends-"));
const all: readonly Declaration[] = declarations;

let stdout: string;
let stderr: string;

beforeEach(() => {
  stdout = stderr = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => (stdout += String(text)) !== "");
  vi.spyOn(process.stderr, "write").mockImplementation((text) => (stderr += String(text)) !== "");
  for (const name of ["SSH_AUTH_SOCK", "SSH_PRIVATE_KEY", "SSH_OBSERVE_KEY", "CI_API_V4_URL", "FORCE_COLOR"])
    vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
afterAll(() => rmSync(empty, { recursive: true }));

function run(command: Declaration, ...words: string[]): Promise<number> {
  const stack = command.stack === "none" ? [] : ["--stack", "dev"];
  return runToEnd(["-C", empty, ...command.name.split(" "), ...stack, ...words]);
}

const inJson = all.filter(({ options }) => Object.hasOwn(options, "json"));
/** Words without which a command would not get as far as to be refused. */
const needed: Readonly<Record<string, readonly string[]>> = {
  release: ["--image", "web=1"],
  exec: ["api", "--", "true"],
  run: ["api"],
  "migrate check": ["none.sql"],
};

describe.each(all.map((command) => [command.name, command] as const))("slipway %s", (_, command) => {
  it("ends with 2 for an invalid line, does nothing, and says why on stderr alone", async () => {
    // Options that slipway does not know are Pulumi's.
    const words = command.pulumi === undefined ? ["--no-such-option"] : ["--cwd"];
    expect(await run(command, ...words)).toBe(exitCodes.wrongUsage);
    expect(stdout).toBe("");
    expect(stderr).toMatch(new RegExp(`^${words.join("")}: `));
  });
});

// The scripts of shells are there for everybody.
const refusable = all.filter(({ name }) => name !== "completion");

describe.each(refusable.map((command) => [command.name, command] as const))("slipway %s", (name, command) => {
  it("ends with 1 where it is refused, and names a way out", async () => {
    expect(await run(command, ...(needed[name] ?? []))).toBe(exitCodes.refused);
    expect(stdout + stderr).toMatch(/\S+: .+; \S/);
  });
});

describe.each(inJson.map((command) => [command.name, command] as const))("slipway %s --json", (name, command) => {
  it("says why it is refused in one JSON document on stdout, and also for an invalid line", async () => {
    expect(await run(command, "--json", ...(needed[name] ?? []))).toBe(exitCodes.refused);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: exitCodes.refused });
    stdout = "";
    expect(await run(command, "--json", "--no-such-option")).toBe(exitCodes.wrongUsage);
    const what = `is not an option of \`slipway ${name}\``;
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 2, problems: [{ path: "--no-such-option", what }] });
  });
});

describe("a defect of slipway", () => {
  it("is JSON as well, with its trace on stderr", async () => {
    vi.spyOn(JSON, "parse").mockImplementationOnce(() => {
      throw new RangeError("broken");
    });
    expect(await runToEnd(["--version", "--json"])).toBe(exitCodes.refused);
    vi.restoreAllMocks();
    expect(JSON.parse(stdout)).toMatchObject({ problems: [{ path: "slipway", what: "RangeError: broken" }] });
    expect(stderr).toContain("at ");
  });
});
