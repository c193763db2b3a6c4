import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { render } from "../../../cli/commands/render.ts";
import { checkout } from "../../../toolchain/paths.ts";
import { copyRootProject } from "../../config/root-project.ts";
import { fixture } from "../../secrets/fixture.ts";

const base = join(import.meta.dirname, "..", "..", "corpus", "base");
let folder: string;
let out: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-render-"));
  out = join(folder, "out");
  cpSync(base, join(folder, "project"), { recursive: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** What `slipway render` prints, in an environment without tools; by default also without keys. */
async function rendered(
  words: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
  of = { folder: join(folder, "project"), stack: "staging" },
): Promise<string> {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const call = { ...of, stacks: [of.stack], words, environment };
  expect(await render.run(call)).toBe(0);
  return written.mock.calls.map(([text]) => String(text)).join("");
}

test("render prints what the documentation shows, without key, state and network", async () => {
  const page = readFileSync(join(checkout, "docs/render.md"), "utf8");
  const [, shown = ""] = /^```text\n(.*?)^```$/ms.exec(page) ?? [];
  const said = await rendered();
  const parts = shown.split("…\n");
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) expect(said).toContain(part);
});

test("a stack without a release has no colour", async () => {
  writeFileSync(join(folder, "project", "Pulumi.yaml"), "name: trial\nruntime: nodejs\n");
  expect(await rendered()).toMatch(/^trial\/staging: the files of \/opt\/trial on its servers\n/);
});

test("no value of a secret is in it, also where the key is at hand", async () => {
  const said = await rendered([], { SOPS_AGE_KEY_B64: fixture("first-key.b64") });
  expect(said).toContain("POSTGRES_PASSWORD");
  expect(said).not.toMatch(/canary/);
});

test("a stack with a migration and shared services has a compose file for each of its parts", async () => {
  const root = copyRootProject();
  const said = await rendered([], {}, { folder: root.folder, stack: "production" });
  root.remove();
  const files = [...said.matchAll(/^=== main: (\S+) \(([\w-]+), compose file, /gm)].map(([, path, part]) => [
    path,
    part,
  ]);
  expect(files).toEqual([
    ["slipway-proxy/compose.yaml", "proxy"],
    ["compose.yaml", "shared"],
    ["migration/compose.yaml", "migration-migrate"],
    ["blue/compose.yaml", "rollout"],
  ]);
  expect(said).toMatch(/^=== main: infra\/prometheus\/prometheus\.yml \(files, from the repository, \d+ bytes, /m);
  expect(said).toMatch(/^postgres: POSTGRES_PASSWORD; not set: POSTGRES_DB, POSTGRES_USER$/m);
});

test("a directory that a variable names is a placeholder where the variable is not set", async () => {
  const file = join(folder, "project", "Pulumi.staging.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/directory: .*/, "directory: ${SERVER_FOLDER}"));
  const said = await rendered();
  expect(said).toContain("the files of /<directory> on its servers");
  expect(said).toContain("not known here: directory, fingerprintKey\n");
  expect(said).toMatch(/source: \/<directory>\/[\w-]+\/traefik\.yaml/);
});

test("--out writes the files and two lists below a folder that is new or empty", async () => {
  mkdirSync(out);
  expect(await rendered(["--out", out])).toBe(`trial/staging: wrote 6 files below ${out}\n`);
  const files = readdirSync(join(out, "main"), { recursive: true, encoding: "utf8" }).sort();
  expect(files.filter((file) => /\.\w+$/.test(file))).toEqual([
    "blue/compose.yaml",
    "files.txt",
    "slipway-proxy/compose.yaml",
    "slipway-proxy/dynamic/routes.yaml",
    "slipway-proxy/traefik.yaml",
    "variables.txt",
  ]);
  expect(readFileSync(join(out, "main/files.txt"), "utf8")).toContain(
    "blue/.env (rollout, values that only a run brings",
  );
  expect(readFileSync(join(out, "main/variables.txt"), "utf8")).toMatch(/^api: .*POSTGRES_PASSWORD/);
  const todo = "name a folder that does not exist yet";
  await expect(rendered(["--out", out])).rejects.toThrow(`--out: is not empty, got '${out}'; ${todo}`);
});

test("rejects a link as folder for the files, and writes nothing through it", async () => {
  mkdirSync(join(folder, "elsewhere"));
  symlinkSync("elsewhere", out);
  await expect(rendered(["--out", out])).rejects.toThrow(`--out: is a link, got '${out}'`);
  expect(readdirSync(join(folder, "elsewhere"))).toEqual([]);
});

test("an image whose digest slipway.lock lacks has a placeholder, and is named", async () => {
  const root = copyRootProject();
  rmSync(join(root.folder, "slipway.lock"));
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const said = await rendered([], {}, { folder: root.folder, stack: "production" });
  expect(said).toContain(`image: postgres:17-alpine@sha256:${"0".repeat(64)}\n`);
  expect(said).toContain(`image: traefik:v3.6@sha256:${"0".repeat(64)}\n`);
  const lines = told.mock.calls.map(([text]) => String(text)).join("");
  expect(lines).toContain("slipway.lock: has no digest for 'postgres:17-alpine', the image of 'postgres'; run ");
  expect(lines.match(/has no digest for/g)).toHaveLength(4);
  root.remove();
});

test("rejects a stack with problems, all at once, and writes nothing", async () => {
  const file = join(folder, "project", "Pulumi.staging.yaml");
  writeFileSync(file, `${readFileSync(file, "utf8")}  trial:adopt: { one: 1, other: 2 }\n`);
  await expect(rendered(["--out", out])).rejects.toThrow(/problems:\n {2}- adopt\.one: .*\n {2}- adopt\.other: /);
  expect(existsSync(out)).toBe(false);
});

test("rejects words that it does not know", async () => {
  await expect(rendered(["--yaml"])).rejects.toMatchObject({ usage: true });
});
