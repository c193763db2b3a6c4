import { posix } from "node:path";
import type { FolderMount } from "../compose/application.ts";
import { folderPath } from "../compose/folders.ts";
import { heldNames, isFolder } from "../data-place.ts";
import { proxyName } from "../proxy.ts";
import type { Problem } from "../problem.ts";
import { draftsFolder } from "../server-places.ts";
import { isInside } from "./postgres.ts";
import { secretFolder } from "./secrets.ts";
import type { ServiceBase, StackService } from "./service.ts";

/** A data folder that a service mounts. */
interface Mounted extends FolderMount {
  readonly service: string;
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
    const what = `mount './${one.source}' and './${other.source}', which lie otherwise to each other on the server`;
    const places = `got '${one.path}' and '${other.path}'`;
    const todo = "name the outer folder alone in `folders`, or places that lie to each other as the folders do";
    return [{ path: `compose.services.${one.service}.volumes`, what: `${what}, ${places}`, todo }];
  });
}

/** Requires that no data folder lies where slipway keeps its own files, or around them. */
export function ensureFoldersAreFree({
  directory,
  services,
}: {
  readonly directory: string;
  readonly services: readonly ServiceBase[];
}): Problem[] {
  const own = [draftsFolder, proxyName, "blue", "green", "migration", secretFolder, "compose.yaml", ".env"];
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

/** Each data folder with a place; a problem was reported for any other. */
function foldersOf(services: readonly ServiceBase[]): Mounted[] {
  return services.flatMap(({ name, mounts }) =>
    mounts.flatMap((mount) => (mount.type === "folder" && mount.path !== "" ? [{ ...mount, service: name }] : [])),
  );
}

/** How a folder lies to another one: the same, in it, around it, or apart. */
function relation(folder: string, other: string): string {
  const path = posix.relative(posix.join("/", other), posix.join("/", folder));
  return path === "" || !path.startsWith("..") || /^[./]+$/.test(path) ? path : "apart";
}
