import type { RememberedData, VolumeFact } from "../../model/facts/observation.ts";
import type { EngineVolume } from "../docker/engine.ts";
import type { Folder } from "../files/folder.ts";
import type { View } from "../view.ts";
import { DataMemories, folderOf, type DataMemory } from "./data-memory.ts";
import { boundFolder, foldersOverlap, isFolder } from "../../model/data-place.ts";
import { openFolder, outermostFolder } from "./data-folder.ts";
import { identityOf, identityOfFolder, makingOf, openVolume } from "./identity.ts";
import { clusterIn } from "./postgres.ts";

/** What the documents of a stack say of its volumes. */
interface Told {
  /** The folder of the Postgres cluster, by volume. */
  readonly clusters?: Readonly<Record<string, string>>;
  /** The folder that a volume is by its options, by volume. */
  readonly bound?: Readonly<Record<string, string>> | undefined;
  /** All volumes and folders of the stack: a folder that lies in another one is reached through no link. */
  readonly all?: readonly string[];
}

/** The facts of the volumes and folders with these names, and of all others that held data of the stack before. */
export async function volumeFacts(
  view: Pick<View, "places" | "volumes">,
  names: readonly string[],
  { clusters = {}, bound = {}, all = names }: Told = {},
): Promise<VolumeFact[]> {
  const { stack } = view.places;
  const there = new Map((await view.volumes()).map((volume) => [volume.Name, volume]));
  const folders = foldersOf(names, new Map(Object.entries(bound)), there);
  const memories = new DataMemories(view.places).about(stack, names, [...folders.values()]);
  const own = memories.filter((memory) => memory.stack === stack).map(({ volume }) => volume);
  const others = memories.filter((memory) => memory.stack !== stack);
  const outermost = (path: string): string => outermostFolder(path, all);
  const byVolume = new Map(Object.entries(clusters)); // a volume may be called `constructor`
  return [...new Set([...names, ...own])].map((volume) => ({
    volume,
    ...(isFolder(volume)
      ? folderContent(openFolder(volume, outermost(volume)), byVolume.get(volume))
      : volumeContent(there.get(volume), byVolume.get(volume), all)),
    remembered: rememberedBy(stack, volume, memories),
    owner: ownerOf(volume, folders.get(volume), others),
  }));
}

type Content = Omit<VolumeFact, "volume" | "remembered" | "owner">;

const nothing: Content = { exists: false, cluster: "", major: "", folder: "", empty: true };

function volumeContent(volume: EngineVolume | undefined, cluster: string | undefined, all: readonly string[]): Content {
  if (volume === undefined) return nothing;
  using folder = openVolume(volume, all);
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

/** The folder of the server that each name means, where it means one. The engine knows that of a volume it has. */
function foldersOf(
  names: readonly string[],
  bound: ReadonlyMap<string, string>,
  there: ReadonlyMap<string, EngineVolume>,
): ReadonlyMap<string, string> {
  const folders = names.map((name): readonly [string, string | undefined] => {
    const volume = there.get(name);
    if (isFolder(name)) return [name, name];
    return [name, volume === undefined ? bound.get(name) : boundFolder(makingOf(volume))];
  });
  return new Map(folders.flatMap(([name, folder]) => (folder === undefined ? [] : [[name, folder] as const])));
}

/** The other stack whose data a volume or folder has, whether it is called the same, lies in it, or is around it. */
function ownerOf(volume: string, folder: string | undefined, others: readonly DataMemory[]): string {
  const owner = others.find((memory) => {
    const theirs = folderOf(memory);
    return memory.volume === volume || (folder !== undefined && theirs !== undefined && foldersOverlap(folder, theirs));
  });
  return owner?.stack ?? "";
}

function rememberedBy(stack: string, volume: string, memories: readonly DataMemory[]): RememberedData | null {
  return memories.find((memory) => memory.stack === stack && memory.volume === volume)?.data ?? null;
}
