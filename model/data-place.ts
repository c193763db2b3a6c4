import { posix } from "node:path";
import { isInside } from "./path.ts";

/**
 * The data of a stack lies in volumes of the engine and in folders of the server. Both are told by one name: a folder's
 * is its absolute path, and the name of a volume never begins with a slash.
 */
export function isFolder(volume: string): boolean {
  return volume.startsWith("/");
}

/** The word for what has a name: a volume, or a folder. */
export function wordFor(volume: string): "volume" | "folder" {
  return isFolder(volume) ? "folder" : "volume";
}

/** A volume or folder, as messages name it. */
export function placeText(volume: string): string {
  return `${wordFor(volume)} '${volume}'`;
}

/** How the engine makes a volume. */
export interface VolumeMaking {
  readonly driver?: string | undefined;
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/**
 * The place of a volume that lies elsewhere: on a network, on a device, in a folder of the administrator's; undefined
 * for one in the engine's own folder. Options such as a password of a network share stay out of what is told.
 */
export function placeElsewhere({ driver = "local", options = {} }: VolumeMaking): string | undefined {
  const given = Object.keys(options).filter((name) => ["type", "device", "o"].includes(name));
  return driver === "local" && given.length === 0 ? undefined : `${driver} ${options["device"] ?? ""}`.trim();
}

/** The folder of the server that a volume is, by `type: none`, `o: bind` and `device`; undefined for any other one. */
export function boundFolder({ driver = "local", options = {} }: VolumeMaking): string | undefined {
  const { o = "", device } = options;
  const isBound = driver === "local" && /(^|,)r?bind(,|$)/.test(o) && device?.startsWith("/") === true;
  return isBound ? posix.resolve("/", device) : undefined;
}

/** File systems that lie on another machine, or in memory. */
const elsewhere = /^(nfs4?|cifs|smb3|tmpfs)$/;

/**
 * What a volume shows of the server itself beside a folder: a disk, a file system made of other folders, or whatever
 * the plugin of a driver makes of it; undefined for the engine's own folder, for one that is bound, and for a share.
 */
export function serverPart(making: VolumeMaking): string | undefined {
  const { driver = "local", options = {} } = making;
  const place = placeElsewhere(making);
  if (place === undefined || boundFolder(making) !== undefined) return undefined;
  if (driver !== "local") return `driver ${place}`;
  const { type = "", device = "" } = options;
  return elsewhere.test(type) ? undefined : `${type} ${device}`.trim();
}

/** The names under which a stack holds a volume or a folder on a server: a volume may be a folder of it. */
export function heldNames({ volume, making }: { readonly volume: string; readonly making?: VolumeMaking }): string[] {
  const folder = making && boundFolder(making);
  return folder === undefined ? [volume] : [volume, folder];
}

/** Tells if two folders are the same, or one lies in the other. */
export function foldersOverlap(one: string, other: string): boolean {
  return isInside(one, other) || isInside(other, one);
}
