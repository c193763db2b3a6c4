import { join, relative } from "node:path";
import { listOf, mapOf, textOf, type Json, type JsonMap } from "../../../model/json.ts";
import type { Comparison, Pair } from "./comparison.ts";
import { compareValues, leavesOf, nothing, type Difference } from "./difference.ts";
import { contentOf, contentOfText } from "./mount-content.ts";

/** Mounts by target: what is there, whether it can be written, and every option. */
type Mounts = Record<string, JsonMap>;

const dataPrefix = "data folder ";
/** A folder of the server that holds what the original has in a data folder. */
export const movedPrefix = "data folder at ";

/** Compares everything that services mount: volumes, files, folders, secrets, configs and temporary folders. */
export function compareMounts(comparison: Comparison): Difference[] {
  const both = comparison.pairs.map((pair) => ({
    service: pair.name,
    expected: originalMounts(comparison, pair),
    found: serverMounts(comparison, pair),
  }));
  const places = dataPlaces(both);
  return both.flatMap(({ service, expected, found }) => {
    const placed = Object.entries(found).map(([target, mount]): [string, JsonMap] => {
      const source = dataFolder(expected[target]);
      return [target, source !== undefined && places.has(source) ? movedFolder(mount) : mount];
    });
    const where = { aspect: "mounts", service } as const;
    return compareValues(where, "", leavesOf(expected), leavesOf(Object.fromEntries(placed)));
  });
}

function originalMounts({ original, folder, createsFolders }: Comparison, { original: service }: Pair): Mounts {
  const sourceOf = (source: string, type: string): JsonMap => {
    if (type === "volume") return volumeSource(original, source);
    if (source !== folder && !source.startsWith(`${folder}/`)) return { type: "bind", source };
    const content = contentOf(source);
    if (content !== undefined) return { type: "content", source: content };
    return { type: "bind", source: `${dataPrefix}${source.slice(folder.length + 1)}` };
  };
  return {
    ...mountsOf(service, createsFolders, sourceOf),
    ...objectMounts(service, original, "secrets", "/run/secrets/"),
    ...objectMounts(service, original, "configs", "/"),
  };
}

function serverMounts({ server, root, config, createsFolders }: Comparison, { found, part }: Pair): Mounts {
  return mountsOf(found, createsFolders, (source, type) => {
    if (type === "volume") return volumeSource(part.json, source);
    const content = source.startsWith(`${config.directory}/`) ? contentOf(join(root, source)) : undefined;
    const secret = server.secrets.get(source);
    if (secret !== undefined) return { type: "content", source: content ?? "", ...access(secret.mode, secret.owner) };
    if (content === undefined) return { type: "bind", source };
    // A config that is a value is a file on the server, which everybody may read.
    const isValue = source.includes("/slipway-configs/");
    return { type: "content", source: content, ...(isValue && access("0644", "root")) };
  });
}

/** A volume by its real name, which is where its data is. */
function volumeSource(file: JsonMap, source: string): JsonMap {
  if (source === "") return { type: "anonymous volume" };
  const volume = mapOf(mapOf(file["volumes"])[source]);
  return { type: "volume", source: textOf(volume["name"]) ?? source };
}

function mountsOf(
  service: JsonMap,
  createsFolders: boolean,
  sourceOf: (source: string, type: string) => JsonMap,
): Mounts {
  const entries = listOf(service["volumes"]).map((entry): [string, JsonMap] => {
    const { type: named, source, target, read_only: readOnly, ...options } = mapOf(entry);
    const type = textOf(named) ?? "";
    const what = ["bind", "volume"].includes(type) ? sourceOf(textOf(source) ?? "", type) : { type };
    // What Compose leaves out has the default of its version.
    const creates = type === "bind" && { "bind.create_host_path": createsFolders };
    const rest = { ...creates, ...leavesOf(withoutEmpty(options)) };
    return [textOf(target) ?? "", { ...what, ...(readOnly === true && { read_only: true }), ...rest }];
  });
  const temporary = listOf(service["tmpfs"]).map((entry) => temporaryMount(textOf(entry) ?? ""));
  return Object.fromEntries([...entries, ...temporary]);
}

function withoutEmpty(options: JsonMap): JsonMap {
  const kept = Object.entries(options).filter(
    ([, value]) => Object.keys(mapOf(value)).length > 0 || typeof value !== "object",
  );
  return Object.fromEntries(kept);
}

/** A line of `tmpfs`, such as `/run:size=64m,mode=1777`, in the form of a mount. */
function temporaryMount(line: string): [string, JsonMap] {
  const [target = "", options = ""] = line.split(":");
  const named = options.split(",").filter((option) => option !== "");
  const pairs = named.map((option): [string, Json] => {
    const [name = "", value = ""] = option.split("=");
    return [name, name === "size" ? String(bytesOf(value)) : value];
  });
  return [target, { type: "tmpfs", ...(pairs.length > 0 && { tmpfs: Object.fromEntries(pairs) }) }];
}

function bytesOf(size: string): number {
  const [, count = "0", unit = ""] = /^(\d+)([kmg]?)b?$/i.exec(size) ?? [];
  return Number(count) * 1024 ** ["", "k", "m", "g"].indexOf(unit.toLowerCase());
}

/** The secrets or configs of a service as the files that it finds. */
function objectMounts(service: JsonMap, file: JsonMap, kind: "secrets" | "configs", folder: string): Mounts {
  const entries = listOf(service[kind]).map((entry): [string, JsonMap] => {
    const { source, target, uid = "0", mode = "0444" } = mapOf(entry);
    const name = textOf(target) ?? textOf(source) ?? "";
    const object = mapOf(mapOf(file[kind])[textOf(source) ?? ""]);
    const path = textOf(object["file"]);
    const at = name.startsWith("/") ? name : `${folder}${name}`;
    // Compose mounts a file as it is, and ignores owner and mode then. A value becomes a file of its own.
    const mount = { type: "content", read_only: true, "bind.create_host_path": false };
    if (path !== undefined) return [at, { ...mount, source: contentOf(path) ?? nothing }];
    return [at, { ...mount, source: valueOf(object), ...access(octal(mode), textOf(uid) ?? "0") }];
  });
  return Object.fromEntries(entries);
}

function valueOf({ content, environment }: JsonMap): string {
  // The values of the case are its names, so that both sides have them.
  return contentOfText(textOf(content) ?? `value-of-${textOf(environment) ?? ""}`);
}

/** Compose gives the mode as a number, or as its octal digits. */
function octal(mode: Json): string {
  return typeof mode === "number" ? mode.toString(8) : (textOf(mode) ?? "0");
}

function access(mode: string, owner: string): JsonMap {
  const all = (Number.parseInt(mode, 8) & 0o004) !== 0;
  return { readers: all ? "everybody in the container" : `user ${owner === "root" ? "0" : owner}` };
}

/** The folder of the original that a mount names and git does not have; undefined for any other mount. */
function dataFolder(mount: JsonMap | undefined): string | undefined {
  const source = textOf(mount?.["source"]) ?? "";
  return source.startsWith(dataPrefix) ? source.slice(dataPrefix.length) : undefined;
}

function movedFolder(mount: JsonMap): JsonMap {
  return mount["type"] === "bind" ? { ...mount, source: `${movedPrefix}${textOf(mount["source"]) ?? ""}` } : mount;
}

/**
 * The data folders that have one place each on the server: services that share a folder still do, services that share
 * none still share none, and a folder in another one is still in it.
 */
function dataPlaces(both: readonly { readonly expected: Mounts; readonly found: Mounts }[]): ReadonlySet<string> {
  const moves = both.flatMap(({ expected, found }) =>
    Object.entries(expected).flatMap(([target, mount]): [string, string][] => {
      const [from, to] = [dataFolder(mount), textOf(found[target]?.["source"])];
      return from === undefined || to === undefined ? [] : [[from, to]];
    }),
  );
  const fits = ([from, to]: [string, string]): boolean =>
    moves.every(([otherFrom, otherTo]) => relation(from, otherFrom) === relation(to, otherTo));
  return new Set(moves.filter(fits).map(([from]) => from));
}

/** How a folder lies to another one: the same, in it, around it, or apart. */
function relation(folder: string, other: string): string {
  const path = relative(`/${folder}`, `/${other}`);
  return path === "" || !path.startsWith("..") || /^[./]+$/.test(path) ? path : "apart";
}
