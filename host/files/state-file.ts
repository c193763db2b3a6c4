import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { messageOf } from "../../model/problem.ts";
import { sumOf } from "./read.ts";
import { Failure, systemCode } from "../failure.ts";

/** Replaces a file of slipway's own, below folders that only root can enter: old or new, never half. */
export function writeStateFile(path: string, content: string | Uint8Array, mode = 0o600): void {
  const folder = dirname(path);
  const draft = join(folder, `.draft.${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const fd = openSync(
      draft,
      constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW,
      0o600,
    );
    try {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      fchmodSync(fd, mode);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
    syncFolder(folder);
  } catch (error) {
    rmSync(draft, { force: true });
    const what = `cannot write '${path}': ${messageOf(error)}`;
    throw new Failure("state", `${what}; look for a full disk or a read-only file system`);
  }
}

/** Appends one line to a file of slipway's own and brings it to the disk: the whole line, or none of it. */
export function appendStateLine(path: string, line: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW,
      0o600,
    );
    try {
      appendWhole(fd, new TextEncoder().encode(`${line}\n`));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const what = `cannot write '${path}': ${messageOf(error)}`;
    throw new Failure("state", `${what}; look for a full disk or a read-only file system`);
  }
}

/** A disk that is nearly full takes a part of the bytes without an error, so what it took is taken back. */
function appendWhole(fd: number, bytes: Uint8Array): void {
  const { size } = fstatSync(fd);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } catch (error) {
    ftruncateSync(fd, size);
    throw error;
  }
}

/** The names of the JSON files in a folder of slipway's own, sorted; none where there is no folder. */
export function listStateFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** The text of a file of slipway's own; undefined if there is none. */
export function readStateFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** An object as the name of a file, whatever characters it has. */
export function fileNameOf(object: string): string {
  return sumOf(object);
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
