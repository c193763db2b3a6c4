import { randomUUID } from "node:crypto";
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { UserError, type Problem } from "../model/problem.ts";

/** How a file is written. */
interface Writing {
  /**
   * The place that messages name, such as an option.
   * @default the file itself
   */
  readonly place?: string;
  /**
   * The permissions of the file.
   * @default those of the old file, or those that any new file has
   */
  readonly mode?: number;
}

/** A file that is not there yet. */
export interface NewFile extends Writing {
  readonly file: string;
  readonly text: string;
}

/**
 * Writes a file whole or not at all: under another name first, which then takes the place of the file. A link, a folder
 * and a device are refused.
 */
export function replaceFile(file: string, text: string, { place = file, mode }: Writing = {}): void {
  explained(file, place, () => {
    const old = replaceable(file, place);
    writeWhole(file, text, mode ?? (old === undefined ? undefined : old.mode & 0o7777));
  });
}

/** Makes several files and the folders that they need, or none of them. Anything that is there is refused. */
export function createFiles(files: readonly NewFile[]): void {
  const made: string[] = [];
  try {
    for (const { file, text, place = file, mode } of files)
      explained(file, place, () => createFile(file, text, { place, mode, made }));
  } catch (error) {
    for (const path of made) rmSync(path, { recursive: true, force: true });
    throw error;
  }
}

/** Reads a file of text; undefined if there is none. */
export function readTextFile(file: string, place = file): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw new UserError({ path: place, ...unreadable(error) });
  }
}

/** Why a file cannot be read. */
export function unreadable(error: unknown): Pick<Problem, "what" | "todo"> {
  if (!(error instanceof Error) || !("code" in error)) throw error;
  const { code } = error;
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return { what: "is not UTF-8 text", todo: "write it as UTF-8" };
  if (code === "EISDIR") return { what: "is a folder", todo: "put a file there, or name another path" };
  return { what: `cannot be read (${String(code)})`, todo: "see that it is a file which you may read" };
}

/** Requires that a file can be written, as far as that shows before. */
export function requireReplaceable(file: string, place: string): void {
  explained(file, place, () => {
    replaceable(file, place);
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  });
}

interface Creation {
  readonly place: string;
  readonly mode: number | undefined;
  /** Gets the paths of what was made. */
  readonly made: string[];
}

function createFile(file: string, text: string, { place, mode, made }: Creation): void {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there !== undefined) throw isThere(file, place, there);
  // Folders are for those who may read the file.
  const ofFolders = mode === undefined ? undefined : mode | ((mode & 0o444) >> 2);
  const folder = mkdirSync(dirname(file), { recursive: true, mode: ofFolders });
  if (folder !== undefined) made.push(folder);
  writeWhole(file, text, mode, () => {
    closeSync(openSync(file, "wx")); // another run may have made it meanwhile
    made.push(file);
  });
}

/** Writes the text under another name; `ready` is called before that takes the place of the file. */
function writeWhole(file: string, text: string, mode: number | undefined, ready = (): void => undefined): void {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    writeFileSync(unfinished, text, { flag: "wx", mode, flush: true });
    if (mode !== undefined) chmodSync(unfinished, mode); // the umask may have taken some away
    ready();
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** The file that is there, if it may be replaced. */
function replaceable(file: string, place: string): Stats | undefined {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there === undefined) return undefined;
  if (!there.isFile()) throw isThere(file, place, there);
  accessSync(file, constants.W_OK);
  return there;
}

function isThere(file: string, place: string, there: Stats): UserError {
  const isLink = there.isSymbolicLink();
  const kind = there.isFile() ? "already exists" : there.isDirectory() ? "is a folder" : "is not a regular file";
  const todo = isLink ? "put the file itself in its place" : "remove it, or name another file";
  return new UserError({ path: place, what: `${isLink ? "is a link" : kind}${got(file, place)}`, todo });
}

/** By code: what is wrong, and what to do. */
const faults: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ["is in a folder that does not exist", "create the folder, or correct the path"],
  ENOTDIR: ["is below something that is not a folder", "correct the path"],
  EACCES: ["may not be written by this user", "change the permissions of the file or its folder"],
  EPERM: ["may not be written by this user", "change the permissions of the file or its folder"],
  EROFS: ["is on a file system that cannot be written", "make it writable, or work on a copy"],
  ENOSPC: ["finds no room on its disk", "make room there; nothing was changed"],
  EDQUOT: ["finds no room on its disk", "make room there; nothing was changed"],
  EFBIG: ["is larger than a file may be here", "raise that limit; nothing was changed"],
};

/** Runs a step, and explains what the disk refuses. */
function explained(file: string, place: string, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof Error) || !("code" in error)) throw error;
    const code = String(error.code);
    const [what, todo] = faults[code] ?? ["cannot be written", "see that its folder exists and may be written"];
    throw new UserError({ path: place, what: `${what} (${code})${got(file, place)}`, todo });
  }
}

function got(file: string, place: string): string {
  return place === file ? "" : `, got '${file}'`;
}
