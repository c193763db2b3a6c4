import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withLock } from "../cache/lock.ts";
import type { Place } from "../cache/place.ts";
import { mustRun } from "../must-run.ts";
import type { Progress } from "../progress.ts";
import { findOnPath } from "./on-path.ts";

const day = 24 * 60 * 60 * 1000;
/** The updates of this run by folder, shared by all tools. */
const updates = new Map<string, Promise<void>>();

/** Says why Debian packages are not available on this machine; undefined if they are. */
export function aptObstacle(place: Place): string | undefined {
  const missing = ["apt-get", "dpkg-deb"].find((command) => findOnPath(command, place) === undefined);
  return missing === undefined ? undefined : `${missing} is not on PATH`;
}

/** The apt-get command with lists and archives in our cache: it needs no root and changes nothing on the machine. */
export function aptCommand(place: Place): readonly string[] {
  const folder = join(place.cacheDirectory, "apt");
  const options = {
    "Dir::State::lists": join(folder, "lists"),
    "Dir::Cache": join(folder, "cache"),
    "Debug::NoLocking": "true",
    "APT::Sandbox::User": "root",
    // The machine's own hooks must not run for our update.
    "APT::Update::Post-Invoke-Success": "",
    "Acquire::Languages": "none",
  };
  return ["apt-get", "-q", ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`])];
}

/** Fetches the package lists, at most once a day and once a run. */
export function updateLists(place: Place, progress: Progress): Promise<void> {
  const folder = join(place.cacheDirectory, "apt");
  const update = updates.get(folder) ?? fetchLists(folder, place, progress);
  updates.set(folder, update);
  return update;
}

async function fetchLists(folder: string, place: Place, progress: Progress): Promise<void> {
  const stamp = join(folder, "updated");
  const onWait = () => progress.say("waits for another run that fetches Debian's package lists");
  await withLock(join(folder, "lock"), onWait, async () => {
    if (existsSync(stamp) && Date.now() - statSync(stamp).mtimeMs < day) return;
    for (const name of ["lists/partial", "cache/archives/partial"]) mkdirSync(join(folder, name), { recursive: true });
    await mustRun([...aptCommand(place), "update"]);
    writeFileSync(stamp, "");
  });
}
