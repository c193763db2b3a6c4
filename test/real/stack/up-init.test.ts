import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { SlipwayProcess, type SlipwayResult } from "../../cli/slipway-process.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import { pulumiEnvironment } from "../../pulumi/environment.ts";
import { closeRunFolder, openRunFolder } from "../../pulumi/run-folder.ts";
import { Workspace } from "../../pulumi/workspace.ts";

const folder = openRunFolder();
afterAll(() => closeRunFolder(folder));

const tracked = "config:\n  trial:domain: example.com # who we are\n";

/** A project with a tracked stack file and no stack, as in a fresh clone. */
/** What comes next for a project without a compose file, of which nothing else is known. */
const next = [
  "next:",
  "  slipway host check --stack staging",
  "    shows what the server lacks",
  "  slipway up --stack staging",
  "    shows the plan, asks, and deploys",
  "",
];

function clone(): Workspace {
  const workspace = new Workspace(folder);
  workspace.write("Pulumi.yaml", "name: trial\nruntime: { name: nodejs, options: { typescript: false } }\n");
  workspace.write("Pulumi.staging.yaml", tracked);
  return workspace;
}

function init(workspace: Workspace, words: readonly string[] = ["--stack", "staging"]): Promise<SlipwayResult> {
  const env = { ...pulumiEnvironment(), PULUMI_BACKEND_URL: `file://${workspace.folder}/state` };
  return new SlipwayProcess(["-C", workspace.folder, "init", ...words], env).finished;
}

/** Reads the key, which needs the passphrase. */
async function fingerprintKey({ folder: cwd }: Workspace): Promise<string> {
  const env = { ...pulumiEnvironment(), PULUMI_BACKEND_URL: `file://${cwd}/state` };
  return await mustRun(["pulumi", "config", "get", "fingerprintKey", "--stack", "staging"], { cwd, env });
}

function stackFile(workspace: Workspace): string {
  return readFileSync(`${workspace.folder}/Pulumi.staging.yaml`, "utf8");
}

test("init makes the stack and its key, reports that, and does not print the key", async () => {
  const workspace = clone();
  const { exitCode, stdout, stderr } = await init(workspace);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout.split("\n")).toEqual([
    `staging: made the stack in file://${workspace.folder}/state, which rewrote Pulumi.staging.yaml`,
    "staging: made its fingerprintKey, 32 random bytes, encrypted in Pulumi.staging.yaml",
    "staging: pulumi rewrote that file; check it with `git diff`, and commit it",
    ...next,
  ]);
  expect(stackFile(workspace)).toMatch(/trial:fingerprintKey:\n\s+secure: v1:/);
  expect(stackFile(workspace)).toContain("trial:domain: example.com");
  const key = await fingerprintKey(workspace);
  expect(Buffer.from(key, "base64")).toHaveLength(32);
  expect(stdout + stackFile(workspace)).not.toContain(key);
});

test("each stack gets a key of its own", async () => {
  const workspaces = [clone(), clone()];
  await Promise.all(workspaces.map((workspace) => init(workspace)));
  const keys = await Promise.all(workspaces.map(fingerprintKey));
  expect(new Set(keys).size).toBe(2);
});

test("init replaces no key: a second one changes nothing, and reports that", async () => {
  const workspace = clone();
  await init(workspace);
  const before = stackFile(workspace);
  const { exitCode, stdout } = await init(workspace);
  const lines = ["staging: has its fingerprintKey already; it stays", ...next];
  expect({ exitCode, stdout: stdout.split("\n") }).toEqual({ exitCode: 0, stdout: lines });
  expect(stackFile(workspace)).toBe(before);
});

test("init makes no stack of a mistyped name, and tells which there are", async () => {
  const workspace = clone();
  const { exitCode, stderr } = await init(workspace, ["--stack", "stagign"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("--stack: has no file Pulumi.stagign.yaml, got 'stagign'; use one of staging, or make the");
});

test("rejects an unencrypted key in the configuration, and leaves it", async () => {
  const workspace = clone();
  workspace.write("Pulumi.staging.yaml", "config:\n  trial:fingerprintKey: " + "a".repeat(44) + "\n");
  const { exitCode, stderr } = await init(workspace);
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    "fingerprintKey: is not encrypted in the configuration of staging; " +
      "remove it with `pulumi config rm fingerprintKey --stack staging`, then run `slipway init` again\n",
  );
  expect(stackFile(workspace)).toContain("a".repeat(44));
});

test("rejects a project without a selected stack, and unknown arguments", async () => {
  const workspace = clone();
  const none = await init(workspace, []);
  expect(none.exitCode).toBe(2);
  expect(none.stderr).toMatch(/^--stack: is missing; name one of .*staging/);
  const words = await init(workspace, ["--stack", "staging", "--force"]);
  expect(words).toMatchObject({ exitCode: 2, stdout: "" });
  expect(stackFile(workspace)).toBe(tracked);
});
