import type { RememberedData, VolumeFact } from "../../model/facts/observation.ts";
import type { EngineVolume } from "../docker/engine.ts";
import type { Folder } from "../files/folder.ts";
import type { View } from "../view.ts";
import { DataMemories, type DataMemory } from "./data-memory.ts";
import { isFolder } from "../../model/data-place.ts";
import { openFolder, outermostFolder } from "./data-folder.ts";
import { identityOf, identityOfFolder, openVolume } from "./identity.ts";
import { clusterIn } from "./postgres.ts";

/**
 * The facts of the volumes and folders with these names, and of all others that held data of the stack before. `all`
 * are those of the stack: a folder that lies in another one is reached through no link.
 */
export async function volumeFacts(
  view: Pick<View, "places" | "volumes">,
  names: readonly string[],
  clusters: Readonly<Record<string, string>>,
  all: readonly string[] = names,
): Promise<VolumeFact[]> {
  const { stack } = view.places;
  const memories = new DataMemories(view.places).about(stack, names);
  const own = memories.filter((memory) => memory.stack === stack).map(({ volume }) => volume);
  const outermost = (path: string): string => outermostFolder(path, all);
  const byVolume = new Map(Object.entries(clusters)); // a volume may be called `constructor`
  const there = new Map((await view.volumes()).map((volume) => [volume.Name, volume]));
  return [...new Set([...names, ...own])].map((volume) => ({
    volume,
    ...(isFolder(volume)
      ? folderContent(openFolder(volume, outermost(volume)), byVolume.get(volume))
      : volumeContent(there.get(volume), byVolume.get(volume))),
    remembered: rememberedBy(stack, volume, memories),
    owner: memories.find((memory) => memory.volume === volume && memory.stack !== stack)?.stack ?? "",
  }));
}

type Content = Omit<VolumeFact, "volume" | "remembered" | "owner">;

const nothing: Content = { exists: false, cluster: "", major: "", folder: "", empty: true };

function volumeContent(volume: EngineVolume | undefined, cluster: string | undefined): Content {
  if (volume === undefined) return nothing;
  using folder = openVolume(volume);
  return { ...nothing, exists: true, ...clusterOf(folder, cluster), ...identityOf(volume, folder) };
}

function folderContent(opened: Folder | undefined, cluster: string | undefined): Content {
  if (opened === undefined) return nothing;
  using folder = opened;
  return { ...nothing, exists: true, ...clusterOf(folder, cluster), ...identityOfFolder(folder) };
}

function clusterOf(folder: Folder | undefined, cluster: string | undefined): Partial<Content> {
  return folder === undefined || cluster === undefined ? {} : clusterIn(folder, cluster);
}

function rememberedBy(stack: string, volume: string, memories: readonly DataMemory[]): RememberedData | null {
  return memories.find((memory) => memory.stack === stack && memory.volume === volume)?.data ?? null;
}
