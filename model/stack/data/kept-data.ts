import type { Mount } from "../../compose/application.ts";
import { folderPath } from "../../compose/mount/folders.ts";
import { listOf, textOf, type Json } from "../../json.ts";
import { isInside } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import { databaseOf, ownVolume, type Database } from "./databases.ts";
import { pgdataOf, postgresData, postgresHome } from "./postgres.ts";
import type { ServiceBase } from "../service.ts";
import { ensureVolumesHoldTheirData } from "./volumes.ts";

/**
 * Requires that a known database keeps its data in a named volume or in a folder of the server (SEC-A7). An anonymous
 * volume, such as the image's own, goes with its container, so the next release would start on an empty database.
 */
export function ensureDatabasesKeepTheirData({ services }: { readonly services: readonly ServiceBase[] }): Problem[] {
  return services.filter(({ part }) => part !== "migration").flatMap(databaseProblems);
}

/**
 * A service with its mounts. The folder of the server in which a known database keeps its data is a data folder, though
 * the stack does not name it: Docker would make one that is missing, and the database would start empty on it.
 */
export function withDataFolders(service: ServiceBase): ServiceBase {
  const found = runningDatabase(service);
  if (found === undefined) return service;
  const folders = foldersOf(service, found.database);
  const mounts = service.mounts.map((mount): Mount => {
    const holdsData = mount.type === "host" && folders.some((folder) => isInside(folder, mount.target));
    return holdsData ? { ...mount, type: "folder", path: folderPath(mount.source) } : mount;
  });
  return { ...service, mounts };
}

/** The known database that a service runs, with the reference that tells it. */
export function runningDatabase(
  service: ServiceBase,
): { readonly image: string; readonly database: Database } | undefined {
  const { references, postgres } = service;
  const image = references.find((reference) => databaseOf(reference, postgres) !== undefined);
  const database = image === undefined ? undefined : databaseOf(image, postgres);
  if (image === undefined || database === undefined || isClient(service, database)) return undefined;
  return { image, database };
}

function databaseProblems(service: ServiceBase): Problem[] {
  const { name, compose } = service;
  const found = runningDatabase(service);
  if (found === undefined) return [];
  const { image, database } = found;
  // A volume that is meant for the data and lies beside it is told with the right place.
  if (ensureVolumesHoldTheirData({ services: [service] }).length > 0) return [];
  const folders = foldersOf(service, database);
  if (folders.some((folder) => isKept(service, folder))) return [];
  const [folder = ""] = folders;
  const [place, volume] = [mountPlace(folder), `${name}-data`];
  const what = `mount nothing that keeps the data of this database at ${folder}, so its next container starts empty`;
  const todo = `mount a named volume: \`volumes: [${volume}:${place}]\`, and \`${volume}:\` in the top-level volumes`;
  return [{ path: `compose.services.${compose.name}.volumes`, what: `${what}, got '${image}'`, todo }];
}

/** The image is used by its other programs, such as `pg_dump`, if the service starts another one than the database. */
function isClient({ compose: { fields } }: ServiceBase, { programs }: Database): boolean {
  const entrypoint = wordsOf(fields["entrypoint"]);
  if (entrypoint.length > 0) return !entrypoint.some((word) => /entrypoint/.test(word) || programs.includes(word));
  const [first = "-"] = wordsOf(fields["command"]);
  return !first.startsWith("-") && !programs.some((program) => first === program || first.endsWith(`/${program}`));
}

/** The words of a command; one that is written as a text is split at its spaces, which is enough to find its names. */
function wordsOf(command: Json | undefined): string[] {
  if (Array.isArray(command)) return listOf(command).map((word) => textOf(word) ?? "");
  return (textOf(command) ?? "").split(/\s+/).filter((word) => word !== "");
}

/** The folder that the service names itself, else those of its image. */
function foldersOf({ compose }: ServiceBase, { folders, option }: Database): readonly string[] {
  const words = wordsOf(compose.fields["command"]);
  const at = words.findIndex((word) => option !== undefined && (word === option || word.startsWith(`${option}=`)));
  if (at === -1) return folders;
  const word = words[at] ?? "";
  return [word.includes("=") ? word.slice(word.indexOf("=") + 1) : (words[at + 1] ?? "")];
}

/** Tells if a mount keeps the data of a folder: the deepest one that holds it counts, also one of the image's own. */
function isKept({ mounts, postgres, compose }: ServiceBase, folder: string): boolean {
  const [deepest] = mounts
    .filter(({ target }) => isInside(folder, target))
    .sort((one, other) => other.target.length - one.target.length);
  // Only the server knows the folder, so any volume may be the right one.
  if (folder.includes("$")) return mounts.some((mount) => mount.type === "volume" && mount.source !== undefined);
  if (deepest === undefined || ["tmpfs", "secret", "file"].includes(deepest.type)) return false;
  if (deepest.type === "volume" && deepest.source === undefined) return false;
  const own = pgdataOf(compose) === undefined ? ownVolume(folder, postgres) : postgresData;
  return own === undefined || !isInside(folder, own) || isInside(deepest.target, own);
}

/** The folder to mount: Postgres from version 18 on keeps the data of each version in a folder of its own. */
function mountPlace(folder: string): string {
  return isInside(folder, postgresHome) && !isInside(folder, postgresData) ? postgresHome : folder;
}
