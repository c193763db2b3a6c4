import { dirname } from "node:path";
import { isFolder } from "../../model/data-place.ts";
import type { Body } from "../../model/document/bodies.ts";
import type { Remark } from "../../model/facts/observation.ts";
import { containersOfProject, type Container } from "../docker/container.ts";
import { draftsFolder } from "../../model/server-places.ts";
import { deliveredPaths } from "../delivery/delivery.ts";
import { Folder } from "../files/folder.ts";
import { stateJson } from "../colours/state-json.ts";
import { routeFiles } from "../colours/routes.ts";
import type { StackState } from "../state/stack-state.ts";

/** Every file, folder and link in a stack's directory that nothing of the stack brought; of a folder only the top. */
export function fileRemarks(
  { directory, projects, volumes }: Body<"claim">,
  state: StackState,
  containers: readonly Container[],
): Remark[] {
  const own = Object.keys(projects).flatMap((project) => containersOfProject(containers, project));
  const written = [
    ...deliveredPaths(state),
    ...[...routeFiles, stateJson, draftsFolder].map((path) => `${directory}/${path}`),
  ];
  const data = Object.keys(volumes).filter(isFolder);
  const known = [...written, ...data, ...foldersOfServer(own, new KnownPaths(directory, written))];
  try {
    using folder = Folder.open(directory);
    return [...unknownIn(folder, new KnownPaths(directory, known))];
  } catch {
    return []; // It is missing or no folder, which is a difference.
  }
}

/** The folders that containers mount, but those of files that slipway wrote, in which containers write nothing. */
function foldersOfServer(containers: readonly Container[], written: KnownPaths): string[] {
  const mounts = containers.flatMap(({ inspection }) => inspection.Mounts);
  return mounts.filter(({ Source, RW }) => RW || !written.isAbove(Source)).map(({ Source }) => Source);
}

/** The paths that something of the stack brought, and the folders above them. */
class KnownPaths {
  readonly #brought: ReadonlySet<string>;
  readonly #above = new Set<string>();

  constructor(directory: string, paths: readonly string[]) {
    this.#brought = new Set(paths);
    for (const path of paths) {
      for (let at = dirname(path); at.startsWith(`${directory}/`); at = dirname(at)) this.#above.add(at);
    }
  }

  isBrought(path: string): boolean {
    return this.#brought.has(path);
  }

  isAbove(path: string): boolean {
    return this.#above.has(path);
  }
}

/** Follows no link: a container may put one there at any moment (F135). */
function* unknownIn(folder: Folder, known: KnownPaths): Generator<Remark> {
  for (const name of folder.names()) {
    const path = `${folder.path}/${name}`;
    if (known.isBrought(path)) continue;
    const found = folder.stat(name);
    if (found?.isDirectory() === true && known.isAbove(path)) {
      using below = folder.folder(name);
      if (below !== undefined) yield* unknownIn(below, known);
    } else {
      const form = found?.isSymbolicLink() === true ? "a link" : found?.isDirectory() === true ? "a folder" : "a file";
      yield { where: path, found: `${form} that slipway did not write` };
    }
  }
}
