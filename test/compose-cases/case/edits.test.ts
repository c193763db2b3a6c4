import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applyEdits, changedLines } from "./edits.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-edits-"));
  writeFileSync(join(folder, "compose.yaml"), "a: 1\nb: 2\nc: 3\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

function edit(from: string, to: string): number {
  writeFileSync(join(folder, "edits.yaml"), JSON.stringify([{ file: "compose.yaml", from, to }]));
  return applyEdits(join(folder, "edits.yaml"), folder);
}

test("an edit changes a text that stands there once", () => {
  expect(edit("b: 2\n", "b: 2\nd: 4\n")).toBe(1);
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe("a: 1\nb: 2\nd: 4\nc: 3\n");
  expect(applyEdits(join(folder, "none.yaml"), folder)).toBe(0);
});

test("rejects a text that is not there, and one that stands there twice", () => {
  expect(() => edit("z", "y")).toThrow("holds the text 0 times");
  expect(() => edit(": ", "")).toThrow("holds the text 3 times");
});

test("an edit without `from` adds a file that a message asks for, and never replaces one", () => {
  const add = (file: string): number => {
    writeFileSync(join(folder, "edits.yaml"), JSON.stringify([{ file, to: "text\n" }]));
    return applyEdits(join(folder, "edits.yaml"), folder);
  };
  expect(add("config/app.conf")).toBe(0);
  expect(readFileSync(join(folder, "config/app.conf"), "utf8")).toBe("text\n");
  expect(() => add("compose.yaml")).toThrow("EEXIST");
});

test("rejects more than three changed lines", () => {
  expect(() => edit("a: 1", "1\n2\n3\n4")).toThrow("changes 4 lines");
});

test("lines of slipway's own configuration are not counted, since they change no compose file", () => {
  const ports = "ports:\n  web:\n    80: 8080\n    443: 8443\n    53/udp: none\n";
  writeFileSync(join(folder, "Pulumi.production.yaml"), "ports: 1\n");
  const edits = [{ file: "Pulumi.production.yaml", from: "ports: 1\n", to: ports }];
  writeFileSync(join(folder, "edits.yaml"), JSON.stringify(edits));
  expect(applyEdits(join(folder, "edits.yaml"), folder)).toBe(0);
  expect(readFileSync(join(folder, "Pulumi.production.yaml"), "utf8")).toBe(ports);
});

test.each([
  ["a\nb", "a\nb\nc", 1],
  ["a\nb", "a\nx", 1],
  ["a\nb", "", 2],
])("%j to %j changes %i lines", (from, to, count) => {
  expect(changedLines(from, to)).toBe(count);
});
