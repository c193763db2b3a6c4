import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";
import type { Installed, Tool } from "../tool.ts";

/** Notes where a tool came from, in a file of its own, so that two runs at once cannot lose each other's notes. */
export function recordProvenance(tool: Tool, installed: Installed, place: Place): void {
  const folder = join(place.localDirectory, "provenance");
  const file = join(folder, tool.name);
  const line = `${tool.name} ${installed.version}: ${installed.origin} (${installed.detail})\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === line) return;
  mkdirSync(folder, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, line);
  renameSync(fresh, file);
}
