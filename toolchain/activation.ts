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

/** Links each command of a tool in `.slipway/bin`, where this checkout's environment finds it. */
export function activateCommands(installed: Installed, place: Place): void {
  for (const [name, file] of Object.entries(installed.commands)) pointTo(file, join(place.binDirectory, name));
}

/** Makes `link` a symbolic link to `file`, at once and only where it is not yet. */
export function pointTo(file: string, link: string): void {
  if (linkTarget(link) === file) return;
  replace(link, (fresh) => symlinkSync(file, fresh));
}

/** Makes `name` the same file as `file`, or a copy where the file system differs; unlike a symbolic link it has its own neighbours. */
export function duplicate(file: string, name: string): void {
  if (isSame(file, name)) return;
  replace(name, (fresh) => {
    try {
      linkSync(file, fresh);
    } catch {
      copyFileSync(file, fresh);
    }
  });
}

function replace(name: string, make: (fresh: string) => void): void {
  mkdirSync(join(name, ".."), { recursive: true });
  const fresh = `${name}.${process.pid}`;
  rmSync(fresh, { force: true });
  make(fresh);
  renameSync(fresh, name);
  // Renaming one hard link of a file onto another leaves both.
  rmSync(fresh, { force: true });
}

function linkTarget(link: string): string | undefined {
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(link) : undefined;
}

function isSame(file: string, name: string): boolean {
  const there = lstatSync(name, { throwIfNoEntry: false });
  if (there?.isFile() !== true) return false;
  const wanted = statSync(file);
  const linked = there.ino === wanted.ino && there.dev === wanted.dev;
  return linked || (there.dev !== wanted.dev && there.size === wanted.size && there.mtimeMs >= wanted.mtimeMs);
}
