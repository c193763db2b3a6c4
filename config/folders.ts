import { posix } from "node:path";
import { folderPath, isOfFolder } from "../model/compose/mount/folders.ts";
import { guess } from "../model/guess.ts";
import type { Problem } from "../model/problem.ts";
import type { Draft } from "./draft.ts";
import type { RuleInput } from "./rule.ts";

/** A data folder that the stack names, with the key that names it. */
interface NamedFolder {
  readonly key: string;
  /** As the compose file mounts it. */
  readonly folder: string;
  /** Its path on the server, if the stack says so. */
  readonly path: string | undefined;
}

type FolderKeys = Pick<Draft, "directory" | "folders" | "services">;

function namedFolders({ folders, services }: FolderKeys): NamedFolder[] {
  const own = Object.entries(folders).map(([folder, { path }]) => ({ key: `folders.${folder}`, folder, path }));
  const ofServices = Object.entries(services).flatMap(([name, { data }]): NamedFolder[] => {
    const { folder, path } = data ?? {};
    return folder === undefined ? [] : [{ key: `services.${name}.data.folder`, folder, path }];
  });
  return [...own, ...ofServices].map((named) => ({ ...named, folder: folderPath(named.folder) }));
}

/** The places of data folders on the server: the same path below the stack's directory, unless the stack says more. */
export function placesOfFolders(keys: FolderKeys): Record<string, string> {
  const { directory = "" } = keys;
  const placed = namedFolders(keys).sort(
    (one, other) => Number(one.path !== undefined) - Number(other.path !== undefined),
  );
  const places = placed.map(({ folder, path }): [string, string] => {
    return [folder, path ?? (folder.startsWith("/") ? folder : posix.join(directory, withoutWay(folder)))];
  });
  return Object.fromEntries(places);
}

/** The path of a folder without the way out of the compose file's folder. */
function withoutWay(folder: string): string {
  return folder.replace(/^(~\/|(\.\.\/)+)/, "");
}

/** Requires that each data folder is mounted, and has a place on the server. */
export function ensureFoldersAreMounted({ draft, stack, files }: RuleInput): Problem[] {
  const mounts = stack.services.flatMap(({ mounts }) => mounts);
  const mounted = mounts.flatMap((mount) => ("source" in mount && mount.source !== undefined ? [mount.source] : []));
  return namedFolders(draft).flatMap(({ key, folder, path }): Problem[] => {
    if (!mounted.some((source) => isOfFolder(source, folder)))
      return [
        {
          path: key,
          what: `is a folder that no deployed service of ${files.compose} mounts, got '${folder}'`,
          todo: guess(folder, mounted, "name it as the compose file does"),
        },
      ];
    if (path !== undefined || withoutWay(folder) === folder) return [];
    const what = `lies outside of the compose file's folder, got '${folder}'`;
    return [{ path: key, what, todo: "say with `path` where it lies on the server, such as /srv/data" }];
  });
}
