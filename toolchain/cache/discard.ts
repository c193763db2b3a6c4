import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../../process/child.ts";
import type { Place } from "./place.ts";

/**
 * Removes a folder of the cache while other work goes on: what a build leaves is gigabytes in a hundred thousand files, which take a third of a minute. The process
 * ends once they are gone; if it is killed before, the next run goes on with them.
 */
export function discard(folder: string, place: Place): void {
  if (readdirSync(folder).length === 0) {
    rmdirSync(folder);
    return;
  }
  mkdirSync(gone(place), { recursive: true });
  renameSync(folder, join(gone(place), randomUUID()));
  discardRest(place);
}

/** Removes what was discarded, unless somebody is at it. */
export function discardRest(place: Place): void {
  if (!existsSync(gone(place)) || readdirSync(gone(place)).length === 0) return;
  const lock = join(place.cacheDirectory, "locks", "gone.lock");
  mkdirSync(join(lock, ".."), { recursive: true });
  void runChild(["flock", "--nonblock", lock, "sh", "-c", 'rm -rf -- "$1"/*', "sh", gone(place)]);
}

function gone(place: Place): string {
  return join(place.cacheDirectory, "gone");
}
