import type { Stats } from "node:fs";
import type { Container } from "../docker/container.ts";
import { Tree } from "../files/tree.ts";

/** Something that a running container mounts, and sees as it was before. */
export interface StaleMount {
  readonly container: Container;
  /** The path in the container. */
  readonly target: string;
}

/**
 * The mounts from below a folder whose file was replaced: a container keeps the file that was there when it started,
 * whatever is renamed into its place.
 */
export function staleMounts(containers: readonly Container[], folder: string): StaleMount[] {
  return mountsBelow(containers, folder)
    .filter(({ container: { pid }, source, target }) => {
      const [outside, inside] = [found(folder, source), seen(pid, target)];
      if (outside === undefined || inside === undefined) return false;
      return outside.dev !== inside.dev || outside.ino !== inside.ino;
    })
    .map(({ container, target }) => ({ container, target }));
}

/** The mounts of these very files, which will be replaced. */
export function mountsOf(containers: readonly Container[], paths: ReadonlySet<string>): StaleMount[] {
  return mountsBelow(containers, "")
    .filter(({ source }) => paths.has(source))
    .map(({ container, target }) => ({ container, target }));
}

function mountsBelow(containers: readonly Container[], folder: string) {
  return containers
    .filter(({ state, pid }) => state === "running" && pid > 0)
    .flatMap((container) => container.mounts.map((mount) => ({ container, ...mount })))
    .filter(({ type, source }) => type === "bind" && source.startsWith(`${folder}/`));
}

/** What is at a path below a folder. A container may put a link in the way, so none is followed (F135). */
function found(folder: string, path: string): Stats | undefined {
  return statBelow(folder, path.slice(folder.length + 1));
}

/**
 * What a container sees at a path. A link in the container would lead to files of the server, so what lies behind one
 * counts as fresh.
 */
function seen(pid: number, target: string): Stats | undefined {
  return statBelow(`/proc/${pid}/root/.`, target.replace(/^\//, ""));
}

function statBelow(folder: string, path: string): Stats | undefined {
  try {
    const stats = new Tree(folder).at(path, (parent, name) => parent.stat(name));
    return stats?.isSymbolicLink() === true ? undefined : stats;
  } catch {
    return undefined;
  }
}
