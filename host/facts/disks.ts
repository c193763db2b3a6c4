import { statfs } from "node:fs/promises";
import type { Observation } from "../../model/facts/observation.ts";
import { nearestExisting, realPath } from "../files/real-path.ts";

type Disk = Observation["disks"][number];

/** The room for each of these paths, in the file system of its nearest folder that exists. */
export async function diskFacts(paths: readonly string[]): Promise<Disk[]> {
  const disks = await Promise.all(paths.map(diskOf));
  return disks.filter((disk) => disk !== undefined);
}

async function diskOf(path: string): Promise<Disk | undefined> {
  try {
    const { bavail, bsize, files, ffree } = await statfs(nearestExisting(realPath(path)));
    // Some file systems, such as Btrfs, make inodes as they need them, and say that they have none.
    return { path, free: bavail * bsize, ...(files === 0 ? {} : { inodes: ffree }) };
  } catch {
    return undefined; // It went away meanwhile, or is a network's that does not answer.
  }
}
