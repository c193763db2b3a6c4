import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../../process/child.ts";
import type { Place } from "./place.ts";

/**
 * Removes a folder of the cache in the background: a Go build leaves gigabytes in a hundred thousand files, which take
 * 20 seconds to delete. This process ends when they are deleted; if it is killed before, the next run continues.
 */
export function discard(folder: string, place: Place): void {
  if (readdirSync(folder).length === 0) {
    rmdirSync(folder);
    return;
  }
  mkdirSync(discardedFolder(place), { recursive: true });
  renameSync(folder, join(discardedFolder(place), randomUUID()));
  removeDiscarded(place);
}

/** Removes the discarded folders in the background, unless another process is doing so. */
export function removeDiscarded(place: Place): void {
  const folder = discardedFolder(place);
  if (!existsSync(folder) || readdirSync(folder).length === 0) return;
  const lock = join(place.cacheDirectory, "locks", "gone.lock");
  mkdirSync(join(lock, ".."), { recursive: true });
  void runChild(["flock", "--nonblock", lock, "sh", "-c", 'rm -rf -- "$1"/*', "sh", folder]);
}

function discardedFolder(place: Place): string {
  return join(place.cacheDirectory, "gone");
}
