import { posix } from "node:path";
import { boundFolder, serverPart } from "../data-place.ts";
import { isInside } from "../path.ts";
import type { DataVolume, StackService } from "../stack/service.ts";
import { dataMount } from "../stack/data/volumes.ts";
import type { Breach } from "./breach.ts";

/** The engine's socket, or a folder that contains it. */
const socketPlaces = /^\/(?:var\/?|(?:var\/)?run\/?|(?:var\/)?run\/docker\.sock|)$/;

/** Places that many containers read, and that hold nothing secret. */
const readable =
  /^\/(?:etc\/(?:localtime|timezone|ssl\/certs(?:\/.*)?)|usr\/share\/(?:zoneinfo|ca-certificates)(?:\/.*)?)$/;

/** Folders for an application's own data, on a disk of their own for instance. */
const own = /^\/(?:mnt|media|data)\/[^/$]/;

/** Data folders are claimed, so that one below /srv is in nobody's way. */
const free = /^\/(?:srv|mnt|media|data)\/[^/$]/;

interface PathMount {
  readonly source: string;
  readonly readOnly: boolean;
}

/** A container with the engine's socket has root access to the server. Slipway's own proxy does without it. */
export function mountsTheSocket(service: StackService, directory: string): Breach[] {
  return hostPaths(service, directory)
    .filter(({ source }) => socketPlaces.test(posix.normalize(source)))
    .map(({ source }) => ({
      what: `mounts the engine's socket, got '${source}': it can do everything that root of the server can`,
      todo: `leave it out with services.${service.name}.drop, or put a proxy before it that only reads`,
    }));
}

/** Mounts of what is the server's own, beyond the few that are harmless. The engine's socket has a rule of its own. */
export function mountsTheServer(service: StackService, directory: string): Breach[] {
  return [...hostPathBreaches(service, directory), ...service.volumes.flatMap(serverParts)];
}

/** A disk of the server, a file system of its folders, or whatever a driver's plugin gives. */
function serverParts({ name, making = {} }: DataVolume): Breach[] {
  const part = serverPart(making);
  if (part === undefined) return [];
  const what = `mounts what is the server's own by the volume '${name}', got '${part}'`;
  return [{ what: `${what}: nobody sees here what it holds`, todo: "use a volume without driver and driver_opts" }];
}

function hostPathBreaches(service: StackService, directory: string): Breach[] {
  return hostPaths(service, directory)
    .filter((mount) => !socketPlaces.test(posix.normalize(mount.source)) && !isHarmless(mount))
    .map(({ source, readOnly }) => {
      const may = readOnly ? "read" : "change";
      return {
        what: `mounts a path of the server, got '${source}': it can ${may} the server's own files there`,
        todo: `use a volume or a file of the repository, or leave it out with services.${service.name}.drop`,
      };
    });
}

function isHarmless({ source, readOnly }: PathMount): boolean {
  const path = posix.normalize(source);
  return own.test(path) || (readOnly && readable.test(path));
}

/** A path of the server stays one, also where the stack names it as the place of a data folder (SEC-D4). */
function hostPaths(service: StackService, directory: string): PathMount[] {
  const { mounts, borrowed, volumes } = service;
  const all = [...mounts, ...borrowed];
  const paths = all.flatMap((mount) => (mount.type === "host" ? [mount] : []));
  const folders = all.flatMap((mount): PathMount[] =>
    mount.type === "folder" && mount.path !== undefined ? [{ source: mount.path, readOnly: mount.readOnly }] : [],
  );
  const bound = volumes.flatMap((volume) => boundPaths(volume, all));
  const isFree = ({ source }: PathMount): boolean => isInside(source, directory) || free.test(source);
  return [...paths, ...[...folders, ...bound].filter((mount) => !isFree(mount))];
}

/** The folder of the server that a volume is by its options. */
function boundPaths({ name, volume, making = {} }: DataVolume, all: StackService["mounts"]): PathMount[] {
  const source = boundFolder(making);
  if (source === undefined) return [];
  const readOnly = all
    .filter((mount) => dataMount({ mounts: [mount] }, { name, volume }) !== undefined)
    .every((mount) => mount.type === "volume" && mount.readOnly);
  return [{ source, readOnly }];
}
