import { posix } from "node:path";
import { booleanOf } from "../boolean.ts";
import type { FileMount, FolderMount, Mount } from "../application.ts";
import { readFileMount } from "./files.ts";
import { checkFolder, folderAdvice, folderPath, placeOfFolder } from "./folders.ts";
import type { NormalEntry, NormalService } from "../normal-service.ts";
import type { ComposeProject } from "../project.ts";
import { optionsOf, type ReaderContext } from "../context.ts";
import type { FolderEntry } from "../folder.ts";
import { listOf, mapOf, textOf, type JsonMap } from "../../json.ts";

/** The mounts of a service, without those that the stack drops. */
export function readMounts(
  context: ReaderContext,
  project: ComposeProject,
  name: string,
  service: NormalService,
): Mount[] {
  const { drop } = optionsOf(context, name);
  const kept = service.volumes.filter(({ value }) => !drop.includes(textOf(mapOf(value)["target"]) ?? ""));
  return kept.flatMap((entry) => readMount(context, project, { name, service, entry }));
}

/** One entry of a service's `volumes`. */
interface MountEntry {
  readonly name: string;
  readonly service: NormalService;
  readonly entry: NormalEntry;
}

function readMount(context: ReaderContext, project: ComposeProject, mount: MountEntry): Mount[] {
  const { value, place } = mount.entry;
  const long = mapOf(value);
  const target = textOf(long["target"]) ?? "";
  const refuse = (what: string, todo: string): Mount[] => {
    // Without a target, the path is that of no folder.
    const subject = target === "." ? "a mount" : `the mount at ${target}`;
    context.problems.push({ path: place, what: `${subject} ${what}`, todo });
    return [];
  };
  if (!target.startsWith("/")) return refuse("has no absolute path in the container", "begin the target with '/'");
  noteOptions(context, mount.name, long, target);
  if (long["type"] === "tmpfs") return [{ type: "tmpfs", target, ...optionsIn(long, "tmpfs") }];
  if (long["type"] === "volume") return readVolume(project, long, { target, refuse });
  if (long["type"] === "bind") return readBind(context, mount, { target, refuse });
  return refuse(
    `is of type '${textOf(long["type"]) ?? ""}', which cannot be deployed`,
    "use a volume, a bind mount or a tmpfs",
  );
}

interface Target {
  readonly target: string;
  readonly refuse: (what: string, todo: string) => Mount[];
}

function readVolume(project: ComposeProject, long: JsonMap, { target, refuse }: Target): Mount[] {
  const source = textOf(long["source"]);
  const readOnly = booleanOf(long["read_only"]) === true;
  if (source === undefined || project.volumes.has(source))
    return [{ type: "volume", source, target, readOnly, ...optionsIn(long, "volume"), ...bindIn(long) }];
  return refuse(
    `uses the volume '${source}', which is not defined`,
    `add '${source}:' below the file's top-level volumes`,
  );
}

function readBind(context: ReaderContext, { name, service, entry }: MountEntry, { target, refuse }: Target): Mount[] {
  const long = mapOf(entry.value);
  const source = textOf(long["source"]) ?? "";
  const readOnly = booleanOf(long["read_only"]) === true;
  const options = optionsIn(long, "bind");
  const path = folderPath(source);
  const place = isTracked(context, path) ? undefined : placeOfFolder(context.folders, path);
  if (place !== undefined) {
    const mount: FolderMount = { type: "folder", source: path, path: place, target, readOnly, ...options };
    checkFolder(context, mount, entry.place);
    return [mount];
  }
  if (source.startsWith("~")) return refuse("comes from a home folder", folderAdvice(path));
  if (source.startsWith("/")) return [{ type: "host", source, target, readOnly, ...options }];
  return readLocal(context, { name, service, entry }, { target, refuse, path, readOnly }).map((mount) => {
    return mount.type === "file" ? { ...mount, ...options } : mount;
  });
}

/** A file or folder beside the compose file that the stack does not name as a data folder. */
function readLocal(
  context: ReaderContext,
  { name, service, entry }: MountEntry,
  { target, refuse, path, readOnly }: Target & { readonly path: string; readonly readOnly: boolean },
): Mount[] {
  // It has no place, and stands for the data that a service keeps there, so that no rule misses a mount.
  const unplaced: FolderMount = { type: "folder", source: path, path: undefined, target, readOnly };
  if (!readOnly && isKeptEmpty(context.folder.entry(path))) {
    context.wanted.push({ kind: "folder", folder: path });
    refuse("shows a folder in which git has nothing but '.gitkeep'", folderAdvice(path));
    return [unplaced];
  }
  const { release } = optionsOf(context, name);
  const covered = release ? coveredSources(context, service, { path, readOnly }) : undefined;
  if (covered !== undefined) {
    const what = `covers the image of a release with the folder './${path === "." ? "" : path}'`;
    const other = {
      build: "if it is configuration, mount it read-only from a folder that the image is not built from",
      writable: "mount it read-only if it is configuration",
    };
    context.wanted.push({ kind: "drop", service: name, part: target });
    return refuse(what, `add ${target} to services.${name}.drop, or ${other[covered]}`);
  }
  const wayOut = isFileName(path) ? fileAdvice(context, path, { name, target }) : folderAdvice(path);
  const mount = readFileMount(context, { path, target, readOnly, place: entry.place, wayOut });
  if (mount === undefined) {
    if (!isFileName(path) && isUnknownFolder(context, path)) context.wanted.push({ kind: "folder", folder: path });
    return [unplaced];
  }
  noteWritten(context, name, mount);
  return [mount];
}

/** Without a file there is nothing to lose by leaving its mount out. */
function fileAdvice(
  { folder }: ReaderContext,
  path: string,
  { name, target }: { name: string; target: string },
): string | undefined {
  if (path.startsWith("..") || folder.entry(path).kind !== "absent") return undefined;
  return `add it to the repository, correct the path, or add ${target} to services.${name}.drop`;
}

/** A file of the repository is delivered, also from a folder that holds data beside it. */
function isTracked({ folder }: ReaderContext, path: string): boolean {
  if (/^(\/|~|\.\.)/.test(path)) return false;
  const entry = folder.entry(path);
  return entry.kind === "file" && entry.tracked !== undefined;
}

/** A folder beside the compose file of which git has nothing. */
function isUnknownFolder({ folder }: ReaderContext, path: string): boolean {
  if (path.startsWith("..")) return false;
  const entry = folder.entry(path);
  return entry.kind === "absent" || (entry.kind === "folder" && entry.tracked.length === 0);
}

/** A folder that is in git only to be there is for what services write. */
function isKeptEmpty(entry: FolderEntry): boolean {
  if (entry.kind !== "folder" || entry.tracked.length === 0) return false;
  return entry.tracked.every(({ path }) => posix.basename(path) === ".gitkeep");
}

/** A name with an ending is that of a file, and a missing file should be in the repository. */
function isFileName(path: string): boolean {
  return /[^/]\.[^./]+$/.test(path);
}

/** A container that writes into delivered files changes what the next run writes again. */
function noteWritten(context: ReaderContext, service: string, { source, target, files, readOnly }: FileMount): void {
  if (readOnly || files.every(({ path }) => path === source)) return;
  const what = `can write into ./${source}, which slipway delivers (at ${target})`;
  context.notes.push(`${service}: ${what}; what it writes there stays on the server and is not guarded`);
}

/**
 * Tells a mount with a developer's sources: a folder that contains the build context, read-only or not, or any other
 * one that is writable. Undefined for configuration.
 */
function coveredSources(
  context: ReaderContext,
  service: NormalService,
  mount: { path: string; readOnly: boolean },
): "build" | "writable" | undefined {
  if (context.folder.entry(mount.path).kind !== "folder") return undefined;
  const buildFolder = textOf(mapOf(service.fields["build"])["context"]) ?? ".";
  const covers = mount.path === "." || buildFolder === mount.path || buildFolder.startsWith(`${mount.path}/`);
  if (covers) return "build";
  return mount.readOnly ? undefined : "writable";
}

/** Tells the options that change nothing on a server. */
function noteOptions(context: ReaderContext, service: string, long: JsonMap, target: string): void {
  const at = `${service}: the mount at ${target}`;
  for (const option of listOf(long["options"]))
    context.notes.push(`${at} has the option '${textOf(option) ?? ""}', which Compose ignores as well`);
  const consistency = textOf(long["consistency"]);
  if (consistency !== undefined)
    context.notes.push(`${at} has the consistency '${consistency}', which only Docker Desktop knows`);
}

/** The options that a volume has below `bind`, where the long form keeps the label for SELinux. */
function bindIn(long: JsonMap): { readonly bind?: JsonMap } {
  const bind = mapOf(long["bind"]);
  return Object.keys(bind).length === 0 ? {} : { bind };
}

/** The options of a mount of this type. */
function optionsIn(long: JsonMap, type: "bind" | "volume" | "tmpfs"): { readonly options?: JsonMap } {
  const options = mapOf(long[type]);
  return Object.keys(options).length === 0 ? {} : { options };
}
