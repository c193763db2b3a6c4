import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, type Place } from "./place.ts";
import type { Installed, Tool } from "./tool.ts";

/** Where each tool of this checkout came from, one line each, as the last run of the toolchain found it; for the head of a test report. */
export function provenance(place: Place = here): readonly string[] {
  const folder = folderOf(place);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.includes("."))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").trim());
}

/** Notes where a tool came from, in a file of its own, so that two runs at once cannot lose each other's notes. */
export function recordProvenance(tool: Tool, installed: Installed, place: Place): void {
  const folder = folderOf(place);
  const file = join(folder, tool.name);
  const line = `${tool.name} ${installed.version}: ${installed.origin} (${installed.detail})\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === line) return;
  mkdirSync(folder, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, line);
  renameSync(fresh, file);
}

function folderOf(place: Place): string {
  return join(place.localDirectory, "provenance");
}
