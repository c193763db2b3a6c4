import { posix } from "node:path";
import type { FolderMount } from "../../compose/application.ts";
import { folderPath } from "../../compose/mount/folders.ts";
import { heldNames, isFolder } from "../../data-place.ts";
import { envFolder } from "../../env-folder.ts";
import { isInside, pathIn } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import { ownFiles, ownFolders } from "../../server-places.ts";
import { secretFolder } from "../secrets.ts";
import type { ServiceBase, StackService } from "../service.ts";

/** A data folder that a service mounts. */
interface Mounted extends Pick<FolderMount, "source"> {
  readonly service: string;
  readonly path: string;
}

/**
 * Requires that data folders lie on the server as they do beside the compose file: one in another, or apart. A service
 * that mounts the outer one must see the data in the inner one.
 */
export function ensureFoldersKeepTheirPlaces({ services }: { readonly services: readonly ServiceBase[] }): Problem[] {
  const all = foldersOf(services);
  return all.flatMap((one, index) => {
    const other = all.slice(0, index).find(({ source, path }) => {
      return relation(one.source, source) !== relation(one.path, path);
    });
    if (other === undefined) return [];
    return [misplaced(one, other)];
  });
}

/** Names the inner one of two folders first, since it is the one to move. */
function misplaced(one: Mounted, other: Mounted): Problem {
  if (isInside(one.source, other.source)) return notInside(one, other);
  if (isInside(other.source, one.source)) return notInside(other, one);
  const [inner, outer] = isInside(one.path, other.path) ? [one, other] : [other, one];
  const what = `mount './${inner.source}', which lies apart from './${outer.source}' in the repository`;
  const todo = `set a \`path\` outside of '${outer.path}'`;
  return problemOf(inner, outer, `${what} and not on the server`, todo);
}

function notInside(inner: Mounted, outer: Mounted): Problem {
  const what = `mount './${inner.source}', which lies in './${outer.source}' in the repository and not on the server`;
  const path = posix.join(outer.path, pathIn(outer.source, inner.source) ?? "");
  return problemOf(inner, outer, what, `set \`path\` to '${path}', or remove './${inner.source}' from \`folders\``);
}

function problemOf(inner: Mounted, outer: Mounted, what: string, todo: string): Problem {
  const path = `compose.services.${inner.service}.volumes`;
  return { path, what: `${what}, got '${inner.path}' and '${outer.path}'`, todo };
}

/** Requires that no data folder lies where slipway keeps its own files, or around them. */
export function ensureFoldersAreFree({
  directory,
  services,
}: {
  readonly directory: string;
  readonly services: readonly ServiceBase[];
}): Problem[] {
  const own = [...ownFolders, secretFolder, envFolder, ...ownFiles];
  const places = own.map((name) => `${directory}/${name}`);
  return foldersOf(services)
    .filter(({ path }) => isInside(directory, path) || places.some((place) => isInside(path, place)))
    .map(({ service, path }) => ({
      path: `compose.services.${service}.volumes`,
      what: `mount a data folder where slipway keeps its own files on the server, got '${path}'`,
      todo: "give the folder another place with `path`",
    }));
}

/**
 * Requires that no data folder lies below a folder which a service may write without being a data folder: its container
 * could put a link in the way, and root would follow it.
 */
export function ensureNoLinkLeadsToFolders({ services }: { readonly services: readonly StackService[] }): Problem[] {
  const writable = services.flatMap(({ name, mounts, borrowed }) =>
    [...mounts, ...borrowed].flatMap((mount) =>
      mount.type === "host" && !mount.readOnly ? [{ by: name, source: folderPath(mount.source) }] : [],
    ),
  );
  const volumes = services.flatMap(({ volumes }) => volumes);
  const folders = new Map(
    volumes.flatMap((one) =>
      heldNames(one)
        .filter(isFolder)
        .map((path) => [path, one.service]),
    ),
  );
  return [...folders].flatMap(([path, service]) => {
    const outer = writable.find(({ source }) => path !== source && isInside(path, source));
    if (outer === undefined) return [];
    const what = `mount a data folder below one that '${outer.by}' can write, got '${path}' in '${outer.source}'`;
    const todo = `name '${outer.source}' in \`folders\` as well, or mount it with \`:ro\``;
    return [{ path: `compose.services.${service}.volumes`, what, todo }];
  });
}

/** Each data folder that has a place. */
function foldersOf(services: readonly ServiceBase[]): Mounted[] {
  return services.flatMap(({ name: service, mounts }) =>
    mounts.flatMap((mount): Mounted[] => {
      if (mount.type !== "folder" || mount.path === undefined) return [];
      return [{ service, source: mount.source, path: mount.path }];
    }),
  );
}

/** How a folder lies to another one: the same, in it, around it, or apart. */
function relation(folder: string, other: string): string {
  const around = pathIn(folder, other);
  return pathIn(other, folder) ?? (around === undefined ? "apart" : `around /${around}`);
}
