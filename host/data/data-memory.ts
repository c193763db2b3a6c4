import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { rememberedDataSchema, type RememberedData } from "../../model/facts/observation.ts";
import { foldersOverlap, isFolder } from "../../model/data-place.ts";
import { dataFile } from "../../model/server-places.ts";
import { Failure } from "../failure.ts";
import { listStateFiles, readStateFile, writeStateFile } from "../files/state-file.ts";
import type { Places } from "../places.ts";

const ending = ".json";

const memorySchema = z.strictObject({
  stack: z.string(),
  volume: z.string(),
  /** The folder of the server that the volume is by its options. */
  folder: z.string().optional(),
  data: rememberedDataSchema,
});

/**
 * What to do about a memory that cannot be read. Without it a run compares the volume with the stack's outputs, and
 * asks for `adopt` if it does not hold what they say.
 */
export const memoryRepair =
  "restore that file from a backup of the server, or, if the volume holds the right data, move the file away and run " +
  "again, which compares the volume with the stack's outputs";

/** The data that a server remembers of one stack's volume. */
export type DataMemory = Readonly<z.output<typeof memorySchema>>;

/** The folder of the server that holds remembered data; undefined for one of the engine's own. */
export function folderOf({ volume, folder }: DataMemory): string | undefined {
  return isFolder(volume) ? volume : folder;
}

/**
 * The server's memory of the data in volumes and folders, of all stacks: a file for each stack and place, which
 * outlives the stack. A memory that cannot be read stops its stack and what uses its volume, since it is not known
 * what data it protects. The file name tells which stack it belongs to, so others are not blocked (SEC-C11, F95).
 */
export class DataMemories {
  readonly #folder: string;

  constructor({ state }: Pick<Places, "state">) {
    this.#folder = join(state, "data");
  }

  /**
   * The memories of a stack, those of all stacks on these volumes, by the names of their files, and those of data in
   * these folders or around them.
   */
  about(stack: string, volumes: readonly string[], folders: readonly string[] = []): DataMemory[] {
    const places = volumes.map((volume) => placeIn(nameOf(stack, volume)));
    const concerns = (name: string): boolean => {
      const [project = "", environment = ""] = name.split("@");
      const place = placeIn(name);
      // A name of another form could belong to any stack.
      return place === undefined || `${project}/${environment}` === stack || places.includes(place);
    };
    return listStateFiles(this.#folder).flatMap((name) =>
      concerns(name) ? [this.#read(name)] : this.#overlapping(name, folders),
    );
  }

  /** The paths of all memories that cannot be read. */
  damaged(): string[] {
    return listStateFiles(this.#folder).flatMap((name) =>
      this.#find(name) === undefined ? [join(this.#folder, name)] : [],
    );
  }

  /** The memory of a stack's volume; undefined if nothing is remembered. */
  of(stack: string, volume: string): RememberedData | undefined {
    const name = nameOf(stack, volume);
    return listStateFiles(this.#folder).includes(name) ? this.#read(name).data : undefined;
  }

  /** Remembers the data of a volume, with the folder that it is, or of a folder. */
  write(stack: string, volume: string, data: RememberedData, folder?: string): void {
    writeStateFile(join(this.#folder, nameOf(stack, volume)), JSON.stringify({ stack, volume, folder, data }));
  }

  /** Forgets the data of a stack that lost it to another one, which accepted that: all that lies in a folder, too. */
  forget(stack: string, volume: string, folder?: string): void {
    const folders = folder === undefined ? [] : [folder];
    const inFolder = listStateFiles(this.#folder).filter((name) =>
      this.#overlapping(name, folders).some((memory) => memory.stack === stack),
    );
    for (const name of [nameOf(stack, volume), ...inFolder]) rmSync(join(this.#folder, name), { force: true });
  }

  /** One that cannot be read is among the `damaged` ones. */
  #overlapping(name: string, folders: readonly string[]): DataMemory[] {
    const memory = folders.length === 0 ? undefined : this.#find(name);
    const theirs = memory && folderOf(memory);
    const meets = theirs !== undefined && folders.some((folder) => foldersOverlap(folder, theirs));
    return memory !== undefined && meets ? [memory] : [];
  }

  #read(name: string): DataMemory {
    const memory = this.#find(name);
    if (memory !== undefined) return memory;
    const what = `'${join(this.#folder, name)}' cannot be read, so it is not known what data this server held`;
    throw new Failure("volume", `${what}; ${memoryRepair}`);
  }

  #find(name: string): DataMemory | undefined {
    try {
      const memory = memorySchema.parse(JSON.parse(readStateFile(join(this.#folder, name)) ?? ""));
      return nameOf(memory.stack, memory.volume) === name ? memory : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The volume or folder in the name of a memory's file. */
function placeIn(name: string): string | undefined {
  return name.slice(0, -ending.length).split("@")[2];
}

/** The names of volumes are the engine's, and lead to no other folder. */
function nameOf(stack: string, volume: string): string {
  if (isFolder(volume) || /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(volume)) return basename(dataFile(stack, volume));
  throw new Failure("volume", `'${volume}' is not the name of a volume; name it as Docker does`);
}
