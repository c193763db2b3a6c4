import { systemCode } from "../failure.ts";
import { Folder } from "./folder.ts";

/** A path that leads out of its tree. */
export class BadPath extends Error {
  override readonly name = "BadPath";
}

/** A folder and all below it, walked one name at a time, so that no link on the way is followed (SEC-A2). */
export class Tree {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Opens the tree's own folder. */
  open(): Folder {
    return Folder.open(this.path);
  }

  /** Acts on an entry in its folder; undefined if that folder is not there. */
  at<Result>(path: string, act: (parent: Folder, name: string) => Result): Result | undefined {
    const { parents, name } = this.#split(path);
    const folder = this.#walk(parents);
    if (folder === undefined) return undefined;
    try {
      return act(folder, name);
    } finally {
      folder[Symbol.dispose]();
    }
  }

  /** Acts on an entry in its folder, which `make` makes where it is missing. */
  making(path: string, make: (parent: Folder, name: string, path: string) => Folder, act: Act): void {
    const { parents, name } = this.#split(path);
    let folder = this.open();
    try {
      parents.forEach((part, index) => {
        const next = make(folder, part, parents.slice(0, index + 1).join("/"));
        folder[Symbol.dispose]();
        folder = next;
      });
      act(folder, name);
    } finally {
      folder[Symbol.dispose]();
    }
  }

  #walk(parents: readonly string[]): Folder | undefined {
    let at: Folder;
    try {
      at = this.open();
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
    for (const part of parents) {
      const above = at;
      let next: Folder | undefined;
      try {
        next = above.folder(part);
      } finally {
        above[Symbol.dispose]();
      }
      if (next === undefined) return undefined;
      at = next;
    }
    return at;
  }

  #split(path: string): { readonly parents: readonly string[]; readonly name: string } {
    const parts = path.split("/");
    if (parts.some((part) => part === "" || part === "." || part === "..")) {
      throw new BadPath(`'${path}' does not lie below '${this.path}'; name a path below it`);
    }
    return { parents: parts.slice(0, -1), name: parts.at(-1) ?? "" };
  }
}

type Act = (parent: Folder, name: string) => void;
