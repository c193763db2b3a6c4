import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { setStackKeys } from "../../config/stack-file-keys.ts";

function edited(text: string, changes: Parameters<typeof setStackKeys>[2]): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-keys-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "Pulumi.test.yaml");
  writeFileSync(file, text);
  setStackKeys({ file, name: "Pulumi.test.yaml" }, "shop", changes);
  return readFileSync(file, "utf8");
}

const project = { path: ["adopt", "project"], value: "old" };

it("sets keys of a stack's file, and keeps its comments, order and encrypted values", () => {
  const text =
    "# Ours.\nencryptionsalt: v1:abc\nconfig:\n" +
    "  # The server.\n  shop:host: { address: a }\n  shop:key:\n    secure: v1:x\n";
  expect(edited(text, [project, { path: ["volumes", "rows"], value: "old_rows" }])).toBe(
    `${text}  shop:adopt:\n    project: old\n  shop:volumes:\n    rows: old_rows\n`,
  );
});

it("adds to a map that is there, and makes `config` where there is none", () => {
  expect(edited("config:\n  shop:adopt:\n    data: { a: b } # kept\n", [project])).toBe(
    "config:\n  shop:adopt:\n    data: { a: b } # kept\n    project: old\n",
  );
  expect(edited("config:\n", [project])).toBe("config:\n  shop:adopt:\n    project: old\n");
});

it("fills a map that is empty, and keeps the comment in it", () => {
  expect(edited("config:\n  shop:adopt:\n", [project])).toBe("config:\n  shop:adopt:\n    project: old\n");
  expect(edited("config:\n  shop:adopt:\n    # later\n", [project])).toBe(
    "config:\n  shop:adopt:\n    # later\n    project: old\n",
  );
});

it("rejects a key that has another value than a map", () => {
  expect(() => edited("config:\n  shop:adopt: all\n", [project])).toThrow(
    "config.shop:adopt: is not a map in Pulumi.test.yaml; write keys and their values below it, or remove it",
  );
});
