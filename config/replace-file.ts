import { renameSync, rmSync, writeFileSync } from "node:fs";

/** Writes a file whole or not at all: under another name first, which then takes the place of the file. */
export function replaceFile(path: string, text: string): void {
  const unfinished = `${path}.${String(process.pid)}.tmp`;
  try {
    writeFileSync(unfinished, text, { flag: "wx" });
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}
