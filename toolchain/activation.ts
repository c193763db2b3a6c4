import {
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import type { Place } from "./cache/place.ts";
import type { Installed } from "./tool.ts";

/** Links each command of a tool into `.slipway/bin`, which this checkout's environment has on PATH. */
export function activateCommands(installed: Installed, place: Place): void {
  for (const [name, file] of Object.entries(installed.commands)) ensureSymlink(file, join(place.binDirectory, name));
}

/** Makes `link` a symbolic link to `file`; one that is right already is left alone. */
export function ensureSymlink(file: string, link: string): void {
  if (linkTarget(link) === file) return;
  replace(link, (fresh) => symlinkSync(file, fresh));
}

/**
 * Makes `name` a hard link to `file`, or a copy on another file system. A program that looks beside itself then looks
 * beside `name`; through a symbolic link it would look beside `file`.
 */
export function linkOrCopy(file: string, name: string): void {
  if (isSame(file, name)) return;
  replace(name, (fresh) => {
    try {
      linkSync(file, fresh);
    } catch {
      copyFileSync(file, fresh);
    }
  });
}

/** Replaces a file in one step, so that no other process sees it missing or half written. */
function replace(name: string, make: (fresh: string) => void): void {
  mkdirSync(join(name, ".."), { recursive: true });
  const fresh = `${name}.${process.pid}`;
  rmSync(fresh, { force: true });
  make(fresh);
  renameSync(fresh, name);
  // Renaming a hard link onto another link of the same file does nothing and leaves both.
  rmSync(fresh, { force: true });
}

function linkTarget(link: string): string | undefined {
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(link) : undefined;
}

/** True if `name` needs no replacement. A copy on another file system is compared by size and age. */
function isSame(file: string, name: string): boolean {
  const existing = lstatSync(name, { throwIfNoEntry: false });
  if (existing?.isFile() !== true) return false;
  const wanted = statSync(file);
  if (existing.dev === wanted.dev) return existing.ino === wanted.ino;
  return existing.size === wanted.size && existing.mtimeMs >= wanted.mtimeMs;
}
