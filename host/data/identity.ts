import { realpathSync } from "node:fs";
import type { VolumeFact } from "../../model/facts/observation.ts";
import type { EngineVolume } from "../docker/engine.ts";
import { systemCode } from "../failure.ts";
import { Folder, ofFileSystem } from "../files/folder.ts";

/** Opens a volume's folder; undefined if it is gone. Only root, not a container, can put a link in its path. */
export function openVolume({ Mountpoint: path }: EngineVolume): Folder | undefined {
  try {
    return Folder.open(realpathSync(path));
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return undefined;
    throw error;
  }
}

/**
 * The identity of a volume, and whether it holds something. A volume that is made again has another identity; one that
 * is emptied keeps it.
 */
export function identityOf(volume: EngineVolume, folder: Folder | undefined): Pick<VolumeFact, "folder" | "empty"> {
  const elsewhere = deviceOf(volume);
  // Docker mounts it only while a container uses it, so at other times its folder tells nothing of what it holds.
  if (elsewhere !== undefined) return { folder: elsewhere, empty: false };
  if (folder === undefined) return { folder: "", empty: true };
  return { folder: identity(folder), empty: folder.isEmpty([ofFileSystem]) };
}

/** Where a file system tells no birth time, the inode alone: it may be used again for a volume that is made later. */
function identity(folder: Folder): string {
  const { ino, birthtimeNs } = folder.preciseStat();
  return birthtimeNs > 0n ? `${ino}.${birthtimeNs}` : String(ino);
}

/** The place of a volume that lies elsewhere: on a network, on a device, in a folder of the administrator's. */
function deviceOf({ Driver: driver, Options: options }: EngineVolume): string | undefined {
  const given = Object.entries(options ?? {}).filter(([name]) => ["type", "device", "o"].includes(name));
  if ((driver ?? "local") === "local" && given.length === 0) return undefined;
  // Options such as a password of a network share stay out of what is told.
  const device = given.find(([name]) => name === "device")?.[1] ?? "";
  return `${driver ?? "local"} ${device}`.trim();
}
