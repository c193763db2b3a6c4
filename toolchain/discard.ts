import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { tryCommand } from "./command.ts";
import type { Place } from "./place.ts";

/**
 * Removes a folder of the cache while other work goes on: what a build leaves is gigabytes in a hundred thousand files, which take a third of a minute. The process
 * ends once they are gone; if it is killed before, the next run goes on with them.
 */
export function discard(folder: string, place: Place): void {
  mkdirSync(gone(place), { recursive: true });
  const name = join(gone(place), randomUUID());
  renameSync(folder, name);
  void remove(name);
}

/** Removes what runs that were killed had discarded. */
export function discardRest(place: Place): void {
  if (existsSync(gone(place))) for (const name of readdirSync(gone(place))) void remove(join(gone(place), name));
}

function gone(place: Place): string {
  return join(place.cacheDirectory, "gone");
}

/** Two runs may remove the same folder: `rm` takes no offence at what is gone already. */
async function remove(folder: string): Promise<void> {
  await tryCommand(["rm", "-rf", "--", folder]);
}
