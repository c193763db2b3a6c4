import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { allCommands, runSlipway } from "../../../cli/commands/commands.ts";
import { declarations } from "../../../cli/declaration/declarations.ts";
import { textOf } from "../../../model/report/tone.ts";

const launcher = join(import.meta.dirname, "..", "..", "..", "bin", "slipway");
const names = declarations.map(({ name }) => name);

test("each declared command can be loaded, and has its declaration", async () => {
  const commands = await allCommands();
  const run: unknown = expect.any(Function);
  expect(commands).toEqual(declarations.map((declaration) => ({ ...declaration, run })));
});

async function shown(...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  expect(await runSlipway(words, (line) => lines.push(textOf(line)))).toBe(0);
  return lines;
}

test("without a command, slipway lists every command", async () => {
  const listed = (await shown()).flatMap((line) => /^ {2}(\S+(?: \S+)*) {2,}\S/.exec(line)?.[1] ?? []);
  expect(listed).toEqual(names);
});

test("no child inherits the key that opens the servers, or the one that observes them (SEC-A6, SEC-C7)", async () => {
  vi.stubEnv("SSH_PRIVATE_KEY", "canary");
  vi.stubEnv("SSH_OBSERVE_KEY", "canary");
  await expect(runSlipway(["plan", "--json", "--markdown"])).rejects.toThrow("--markdown");
  expect(Object.values(process.env)).not.toContain("canary");
  vi.unstubAllEnvs();
});

test("each command has its own help, in each form of asking for it", async () => {
  for (const { name, summary, examples, options } of declarations) {
    const lines = await shown(...name.split(" "), "--help");
    expect(lines[0]).toMatch(new RegExp(`^usage: slipway ${name}`));
    expect(lines[2]?.toLowerCase()).toBe(`${summary.toLowerCase()}.`);
    for (const option of Object.keys(options)) expect(lines.join("\n")).toContain(`--${option}`);
    for (const example of examples) expect(lines).toContain(`  $ ${example}`);
    expect(examples.length, name).toBeGreaterThan(0);
    expect(await shown("help", ...name.split(" "))).toEqual(lines);
  }
});

test("rejects an unknown command with the nearest guess", async () => {
  await expect(runSlipway(["perview"])).rejects.toMatchObject({
    message: "slipway: there is no such command, got 'perview'; did you mean 'preview'",
    usage: true,
  });
});

test.each([
  ["env chek", "got 'env chek'; did you mean 'env check'"],
  ["env", "got 'env'; use one of env check, env init, env from-ci"],
  ["hostcheck", "got 'hostcheck'; did you mean 'host check'"],
  ["frobnicate", "got 'frobnicate'; `slipway help` lists all commands"],
])("rejects the command %s, and leads on", async (words, message) => {
  const error = { message: `slipway: there is no such command, ${message}`, usage: true };
  await expect(runSlipway(words.split(" "))).rejects.toMatchObject(error);
});

test("the help of a family lists its commands", async () => {
  const listed = await shown("help", "host");
  expect(listed.filter((line) => line.startsWith("slipway "))).toEqual(["slipway host prepare", "slipway host check"]);
});

test("rejects the stack of a command that is for all", async () => {
  await expect(runSlipway(["lock", "--stack", "dev"])).rejects.toMatchObject({
    message: "--stack: is not for `slipway lock`; leave it out",
    usage: true,
  });
});

test("slipway tells its version", async () => {
  expect(await shown("--version")).toEqual([expect.stringMatching(/^slipway \d+\.\d+\.\d+$/)]);
});

test("the launcher runs from any folder and through a link; a wrong command line ends with code 2", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-link-"));
  symlinkSync(launcher, join(folder, "slipway"));
  expect(execFileSync("./slipway", ["help"], { cwd: folder, encoding: "utf8" })).toMatch(/^usage: slipway/);
  const { status, stdout, stderr } = spawnSync("./slipway", ["perview"], { cwd: folder, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toBe("slipway: there is no such command, got 'perview'; did you mean 'preview'\n");
  rmSync(folder, { recursive: true });
}, 30_000);
