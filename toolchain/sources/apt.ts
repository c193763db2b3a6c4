import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../cache/lock.ts";
import type { Place } from "../cache/place.ts";
import { mustRun } from "../must-run.ts";
import type { Progress } from "../progress.ts";
import { find } from "./on-path.ts";

const day = 24 * 60 * 60 * 1000;
const updates = new Map<string, Promise<void>>();

/** Why packages of Debian cannot be had here. */
export function aptObstacle(place: Place): string | undefined {
  const missing = ["apt-get", "dpkg-deb"].find((command) => find(command, place) === undefined);
  return missing === undefined ? undefined : `there is no ${missing} here`;
}

/** apt-get with lists and archives of its own in the cache: nothing of the machine's changes, and no root is needed. */
export function aptWords(place: Place): readonly string[] {
  const folder = join(place.cacheDirectory, "apt");
  const options = {
    "Dir::State::lists": join(folder, "lists"),
    "Dir::Cache": join(folder, "cache"),
    "Debug::NoLocking": "true",
    "APT::Sandbox::User": "root",
    // What the machine's own apt does after an update is none of our business.
    "APT::Update::Post-Invoke-Success": "",
    "Acquire::Languages": "none",
  };
  return ["apt-get", "-q", ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
}

/** Fetches the lists of packages, once a day, however many tools of a run ask. */
export function updateLists(place: Place, progress: Progress): Promise<void> {
  const folder = join(place.cacheDirectory, "apt");
  const update = updates.get(folder) ?? fetchLists(folder, place, progress);
  updates.set(folder, update);
  return update;
}

async function fetchLists(folder: string, place: Place, progress: Progress): Promise<void> {
  const stamp = join(folder, "updated");
  const onWait = () => progress.say("waits for another run that fetches Debian's lists of packages");
  await withLock(join(folder, "lock"), onWait, async () => {
    if (existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < day) return;
    for (const name of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(folder, name), { recursive: true });
    await mustRun([...aptWords(place), "update"]);
    writeFileSync(stamp, "");
  });
}
