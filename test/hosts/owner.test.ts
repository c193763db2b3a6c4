import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fileOwner, isGone, thisProcess } from "./owner.ts";

test("a living process is not gone", () => {
  expect(isGone(thisProcess())).toBe(false);
});

test("a process that ended is gone, and so is one whose number was given again", async () => {
  const child = spawn("true");
  const ended = child.pid ?? 0;
  await once(child, "exit");
  const [kind, pid, start, namespace, boot] = thisProcess().split(":");
  expect(isGone([kind, ended, start, namespace, boot].join(":"))).toBe(true);
  expect(isGone([kind, pid, "1", namespace, boot].join(":"))).toBe(true);
});

test("a process of an earlier boot is gone, and one of another container counts as alive", () => {
  const [kind, , start, namespace, boot] = thisProcess().split(":");
  expect(isGone([kind, process.pid, start, namespace, "another-boot"].join(":"))).toBe(true);
  expect(isGone([kind, 1, start, "1", boot].join(":"))).toBe(false);
});

test("servers that were started by hand are wanted as long as the file that notes them exists", () => {
  const folder = mkdtempSync(join(tmpdir(), "owner-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "state:1.json");
  expect(isGone(fileOwner(file))).toBe(true);
  writeFileSync(file, "");
  expect(isGone(fileOwner(file))).toBe(false);
});

test("an owner that this version does not know counts as alive", () => {
  expect(isGone("pipeline:17")).toBe(false);
});
