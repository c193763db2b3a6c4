import type { VolumeFact } from "../../model/facts/observation.ts";
import { boundFolder, placeElsewhere, type VolumeMaking } from "../../model/data-place.ts";
import type { EngineVolume } from "../docker/engine.ts";
import { openFolder, outermostFolder } from "./data-folder.ts";
import { ofFileSystem, type Folder } from "../files/folder.ts";

/** Opens the folder of a volume; undefined if it is gone. One that lies in a data folder is reached through no link. */
export function openVolume(volume: EngineVolume, all: readonly string[]): Folder | undefined {
  const bound = boundFolder(makingOf(volume));
  return bound === undefined ? openFolder(volume.Mountpoint) : openFolder(bound, outermostFolder(bound, all));
}

/**
 * The identity of a volume, and whether it holds something. A volume that is made again has another identity; one that
 * is emptied keeps it.
 */
export function identityOf(volume: EngineVolume, folder: Folder | undefined): Pick<VolumeFact, "folder" | "empty"> {
  const making = makingOf(volume);
  const elsewhere = placeElsewhere(making);
  if (elsewhere === undefined) return identityOfFolder(folder);
  // Docker mounts it only while a container uses it, so at other times its folder tells nothing of what it holds.
  if (boundFolder(making) === undefined) return { folder: elsewhere, empty: false };
  const bound = identityOfFolder(folder);
  return { folder: `${elsewhere} ${bound.folder}`, empty: bound.empty };
}

/** The identity of a folder of the server, and whether it holds something. */
export function identityOfFolder(folder: Folder | undefined): Pick<VolumeFact, "folder" | "empty"> {
  if (folder === undefined) return { folder: "", empty: true };
  return { folder: identity(folder), empty: folder.isEmpty([ofFileSystem]) };
}

/** How the engine made a volume. */
export function makingOf({ Driver: driver, Options: options }: EngineVolume): VolumeMaking {
  return { driver: driver ?? undefined, options: options ?? undefined };
}

/** Where a file system tells no birth time, the inode alone: it may be used again for a volume that is made later. */
function identity(folder: Folder): string {
  const { ino, birthtimeNs } = folder.preciseStat();
  return birthtimeNs > 0n ? `${ino}.${birthtimeNs}` : String(ino);
}
