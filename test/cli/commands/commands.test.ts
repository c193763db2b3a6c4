import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { allCommands, runSlipway } from "../../../cli/commands/commands.ts";

const launcher = join(import.meta.dirname, "..", "..", "..", "bin", "slipway");
const commands = await allCommands();
const names = commands.map(({ name }) => name);

async function shown(...words: string[]): Promise<string[]> {
  const lines: string[] = [];
  expect(await runSlipway(words, (line) => lines.push(line))).toBe(0);
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
  for (const { name, summary } of commands) {
    const lines = await shown(...name.split(" "), "--help");
    expect(lines[0]).toMatch(new RegExp(`^usage: slipway ${name}`));
    expect(lines).toContain(summary);
    expect(await shown("help", ...name.split(" "))).toEqual(lines);
  }
});

test("rejects an unknown command with the nearest guess", async () => {
  await expect(runSlipway(["perview"])).rejects.toMatchObject({
    message: "slipway: there is no such command, got 'perview'; did you mean 'preview'",
    usage: true,
  });
});

test("rejects a command that resembles no other, and lists all commands", async () => {
  const message = `slipway: there is no such command, got 'frobnicate'; use one of ${names.join(", ")}`;
  await expect(runSlipway(["frobnicate"])).rejects.toThrow(message);
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
