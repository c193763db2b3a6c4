/**
 * Lints files that changed since ESLint last found them clean, in any checkout that shares the cache. Without the
 * cache's folder it lints everything.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ESLint } from "eslint";
import { z } from "zod";
import { cacheDirectory, checkout } from "../../toolchain/paths.ts";
import { lintKeys, type Read } from "./lint-keys.ts";

const memory = join(cacheDirectory, "checks", "lint-clean.json");
const settings = ["eslint.config.js", "test/run/zones.ts", "tsconfig.json", "package.json", "package-lock.json"];

const before = keys();
const clean = new Set(remembered());
const eslint = new ESLint({ cwd: checkout });
const suspects = [...before].flatMap(([file, key]) => (clean.has(key) ? [] : [file]));
const results = suspects.length === 0 ? [] : await eslint.lintFiles(suspects);
const dirty = new Set(results.flatMap(({ filePath, messages }) => (messages.length > 0 ? [filePath] : [])));
remember(dirty);
if (dirty.size > 0) {
  const formatter = await eslint.loadFormatter("stylish");
  process.stdout.write(await formatter.format(results));
  process.exitCode = 1;
}

function keys(): ReadonlyMap<string, string> {
  const words = ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.js"];
  const listed = execFileSync("git", words, { cwd: checkout, encoding: "utf8" }).split("\n");
  const files = [...new Set(listed)].filter((file) => file !== "" && existsSync(join(checkout, file)));
  const read: Read = (file) => {
    const path = join(checkout, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  return lintKeys(files, settings, read);
}

function remembered(): readonly string[] {
  return existsSync(memory) ? z.array(z.string()).parse(JSON.parse(readFileSync(memory, "utf8"))) : [];
}

/** Stores the keys of clean files. A file that was edited meanwhile is linted again next time. */
function remember(dirty: ReadonlySet<string>): void {
  const after = keys();
  const sure = [...after].filter(([file, key]) => before.get(file) === key && !dirty.has(join(checkout, file)));
  mkdirSync(dirname(memory), { recursive: true });
  const fresh = `${memory}.${String(process.pid)}`;
  writeFileSync(fresh, JSON.stringify(sure.map(([, key]) => key)));
  renameSync(fresh, memory);
}
