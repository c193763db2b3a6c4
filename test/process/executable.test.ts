import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { executableOnPath } from "../../process/executable.ts";
import { sandbox } from "../toolchain/sandbox.ts";
import { script, write } from "../toolchain/script.ts";

test("a command is the first executable file on PATH, and never one of the current folder", () => {
  const { checkout } = sandbox().place;
  mkdirSync(join(checkout, "folder", "hammer"), { recursive: true });
  write(join(checkout, "text", "hammer"), "");
  const file = script(join(checkout, "bin", "hammer"), []);
  const found = (...folders: string[]): string | undefined =>
    executableOnPath("hammer", folders.map((folder) => folder && join(checkout, folder)).join(":"));
  expect(found("absent", "folder", "text", "bin")).toBe(file);
  expect(found("folder", "text")).toBeUndefined();
  expect(executableOnPath("bin/slipway", "")).toBeUndefined();
  expect(executableOnPath("hammer", undefined)).toBeUndefined();
});
