import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fileOwner, isGone, thisProcess } from "./owner.ts";

test("a running process is not gone", () => {
  expect(isGone(thisProcess())).toBe(false);
});

test("a process is gone if it has ended, also if another process has its number", async () => {
  const child = spawn("true");
  const ended = child.pid ?? 0;
  await once(child, "exit");
  const [kind, pid, start, namespace, boot] = thisProcess().split(":");
  expect(isGone([kind, ended, start, namespace, boot].join(":"))).toBe(true);
  expect(isGone([kind, pid, "1", namespace, boot].join(":"))).toBe(true);
});

test("a process of an earlier boot is gone; one of another container counts as alive", () => {
  const [kind, , start, namespace, boot] = thisProcess().split(":");
  expect(isGone([kind, process.pid, start, namespace, "another-boot"].join(":"))).toBe(true);
  expect(isGone([kind, 1, start, "1", boot].join(":"))).toBe(false);
});

test("an owner that is a file is gone when the file does not exist", () => {
  const folder = mkdtempSync(join(tmpdir(), "owner-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "state:1.json");
  expect(isGone(fileOwner(file))).toBe(true);
  writeFileSync(file, "");
  expect(isGone(fileOwner(file))).toBe(false);
});

test("an unknown kind of owner counts as alive", () => {
  expect(isGone("pipeline:17")).toBe(false);
});
