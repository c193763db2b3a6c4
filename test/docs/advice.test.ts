import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "../../toolchain/paths.ts";

/** Folders whose texts reach people as advice. */
const folders = ["ci", "cli", "components", "config", "docs", "host", "model", "remote", "secrets"];

/** The catalogue of faults names the command as a danger. */
const exceptions = ["docs/failures.md"];

function filesOf(folder: string): readonly string[] {
  return readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(checkout.length + 1));
}

test("nothing advises a command that removes the images a rollback needs (F143, SEC-C12)", () => {
  const files = [...folders.flatMap(filesOf), "README.md"].filter((file) => !exceptions.includes(file));
  const advised = /docker (image|system|volume) prune(?!\x60: it would)/;
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => advised.test(readFileSync(join(checkout, file), "utf8")))).toEqual([]);
});
