import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { composeVersion } from "../../../host/facts/compose-version.ts";

let folder: string;
let run: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-compose-"));
  run = join(folder, "run");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a plugin in its place that tells this version, and notes each time that it is asked. */
function install(version: string): void {
  const plugin = join(folder, "docker-compose");
  const metadata = JSON.stringify({ Version: version });
  writeFileSync(plugin, `#!/bin/sh\necho asked >>"${folder}/asked"\nprintf '%s' '${metadata}'\n`);
  chmodSync(plugin, 0o755);
}

const asked = (): number => readFileSync(join(folder, "asked"), "utf8").split("\n").length - 1;

test("a plugin is asked once", async () => {
  install("v2.26.1");
  expect([await composeVersion(run, [folder]), await composeVersion(run, [folder])]).toEqual(["2.26.1", "2.26.1"]);
  expect(asked()).toBe(1);
});

test("a plugin that was replaced is asked again", async () => {
  install("v2.26.1");
  await composeVersion(run, [folder]);
  install("v5.0.0");
  expect(await composeVersion(run, [folder])).toBe("5.0.0");
  appendFileSync(join(folder, "docker-compose"), "\n");
  await composeVersion(run, [folder]);
  expect(asked()).toBe(3);
});

test("a damaged memory, or none that can be written, only costs the question", async () => {
  install("v2.26.1");
  mkdirSync(run);
  writeFileSync(join(run, "compose-version"), '{"plugin":');
  expect(await composeVersion(run, [folder])).toBe("2.26.1");
  rmSync(run, { recursive: true });
  writeFileSync(run, "");
  expect(await composeVersion(run, [folder])).toBe("2.26.1");
});
