import { posix } from "node:path";
import type { FolderMount } from "../compose/application.ts";
import { proxyName } from "../proxy.ts";
import type { Problem } from "../problem.ts";
import { draftsFolder } from "../server-places.ts";
import { isInside } from "./postgres.ts";
import { secretFolder } from "./secrets.ts";
import type { ServiceBase } from "./service.ts";

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
