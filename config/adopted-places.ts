import { z } from "zod";
import { folderPath } from "../model/compose/mount/folders.ts";
import { placeText, wordFor } from "../model/data-place.ts";
import type { HandMade, HandMadeContainer } from "../model/facts/hand-made/hand-made.ts";
import type { Problem } from "../model/problem.ts";
import { dataMount } from "../model/stack/data/volumes.ts";
import type { DataVolume } from "../model/stack/service.ts";
import type { StackHost } from "../model/stack/stack.ts";
import { dataFolder } from "./schema/data.ts";

/** The places of the data that a hand-made project has, as the stack's configuration names them. */
export interface AdoptedPlaces {
  /** By volume of the compose file: its name on the server. */
  readonly volumes: Readonly<Record<string, string>>;
  /** By folder of the compose file: its path on the server. */
  readonly folders: Readonly<Record<string, string>>;
  /** Data that the stack cannot take as it is. */
  readonly problems: readonly Problem[];
}

/** Finds where a hand-made project has the data of a stack: at the same place in a container of the same service. */
export function adoptedPlaces({ volumes, services }: StackHost, { containers }: HandMade): AdoptedPlaces {
  const found = volumes.flatMap((volume) => {
    const mounts = services.flatMap((service) => {
      const target = dataMount(service, volume)?.target;
      const own = containers.filter((container) => container.service === service.name);
      return own.flatMap((container) => container.mounts.filter((mount) => mount.target === target));
    });
    const [mount] = mounts;
    return mount === undefined || mount.source === volume.volume ? [] : [{ volume, mount }];
  });
  const named = (kind: "volume" | "folder"): Record<string, string> => {
    const own = found.filter(({ volume, mount }) => wordFor(volume.volume) === kind && mount.kind === kind);
    return Object.fromEntries(own.map(({ volume, mount }) => [volume.name, mount.source]));
  };
  return {
    volumes: named("volume"),
    folders: named("folder"),
    problems: found.filter(({ volume, mount }) => wordFor(volume.volume) !== mount.kind).map(otherKind),
  };
}

const foldersSchema = z.record(z.string(), dataFolder);

/**
 * The key `folders` of a stack with the places of its data by hand. A key of the stack's file takes the place of the
 * project's default as a whole, so it gets the other folders too.
 */
export function foldersWithPlaces(
  text: string | undefined,
  places: AdoptedPlaces["folders"],
): z.output<typeof foldersSchema> {
  if (Object.keys(places).length === 0) return {};
  const folders = foldersSchema.parse(JSON.parse(text ?? "{}"));
  const written = new Map(Object.keys(folders).map((key) => [folderPath(key), key]));
  const placed = Object.entries(places).map(([folder, path]) => [written.get(folder) ?? folder, { path }] as const);
  return { ...folders, ...Object.fromEntries(placed) };
}

interface Found {
  readonly volume: DataVolume;
  readonly mount: HandMadeContainer["mounts"][number];
}

function otherKind({ volume: { service, name, volume }, mount: { kind, source, target } }: Found): Problem {
  const there = kind === "own volume" ? `an unnamed volume at '${target}'` : placeText(source);
  const what = `is ${placeText(volume)} ('${name}' in the compose file), and the hand-made project has it in ${there}`;
  const todo = "copy the data there while nothing runs, or let the compose file mount what the server has";
  return { path: `services.${service}.data`, what, todo };
}
