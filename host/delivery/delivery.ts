import { z } from "zod";
import type { Difference } from "../../model/facts/observation.ts";
import { draftsFolder } from "../../model/server-places.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure, systemCode } from "../failure.ts";
import type { StackState } from "../state/stack-state.ts";
import { detourOn, kindOf, sumIn, type DeliveredFile } from "./delivered-file.ts";
import { NoFolder, type Folder } from "../files/folder.ts";
import { sumOf } from "../files/read.ts";
import { BadPath, Tree } from "../files/tree.ts";
import { findGroup, findUser, formDifferences, rootOnly, type FileForm } from "../files/owner.ts";

const memorySchema = z.object({
  /** Tells this memory from those that verbs keep of other things. */
  kind: z.literal("delivery"),
  /** The folder below which the files lie. */
  directory: z.string(),
  /** By path: every file that was written. */
  files: z.record(z.string(), z.object({ number: z.string(), sha256: z.string() })),
  /** Every folder that was made, outermost first. */
  folders: z.array(z.string()),
});

type Memory = z.output<typeof memorySchema>;

/** How the files of one object are delivered. */
interface DeliverySettings {
  /** The phase that messages name. */
  readonly phase: string;
  /** The folder below which the files lie. */
  readonly directory: string;
  /** The mode of the folders that are made in between, such as 0o755; where they differ, the mode of each path. */
  readonly folderMode: number | ((path: string) => number);
  /** The name under which the verb's memory is kept. */
  readonly memory: string;
  readonly state: StackState;
}

/**
 * The files below a folder that one object of a stack delivers. Nothing else is ever changed or removed.
 */
export class Delivery {
  readonly #settings: DeliverySettings;
  readonly #tree: Tree;
  #memory: Memory;

  constructor(settings: DeliverySettings) {
    this.#settings = settings;
    this.#tree = new Tree(settings.directory);
    this.#memory = settings.state.memory(settings.memory, memorySchema) ?? {
      kind: "delivery",
      directory: settings.directory,
      files: {},
      folders: [],
    };
  }

  /** By path: the number of the document that wrote each file last, and the sum of its bytes. */
  get written(): Readonly<Memory["files"]> {
    return this.#memory.files;
  }

  /** The sum of a file's bytes as they are now; undefined if no file is there. */
  sumOf(path: string): string | undefined {
    return this.#tree.at(path, (parent, name) => sumIn(parent, name)) ?? undefined;
  }

  /** Everything that is not as it was delivered. */
  differences(
    files: ReadonlyMap<string, FileForm>,
    contentDifferences: ContentDifferences = changedByHand,
  ): Difference[] {
    return [...files].flatMap(([path, form]) => {
      const above = detourOn(this.#tree, path);
      if (above !== undefined) return [{ where: path, expected: "file", found: above }];
      const found = this.#tree.at(path, (parent, name) => parent.stat(name));
      if (found === undefined) return [{ where: path, expected: "file", found: "missing" }];
      if (!found.isFile()) return [{ where: path, expected: "file", found: kindOf(found) }];
      const same = this.sumOf(path) === this.#before(path)?.sha256;
      return [...(same ? [] : contentDifferences(path)), ...formDifferences(path, form, found)];
    });
  }

  /** Brings these files, and removes those that an earlier document brought and this one does not name. */
  deliver(files: ReadonlyMap<string, DeliveredFile>, number: string, say: (message: string) => void): void {
    const changed = [...files].filter(([path, file]) =>
      this.#attempt(`cannot write '${path}'`, number, () => this.#needsWriting(path, file, number)),
    );
    this.#keep();
    using workshop = this.#workshop();
    for (const [path, file] of changed) {
      say(`writes ${path}`);
      this.#write(path, file, number, workshop);
    }
    for (const [path, file] of files) this.#mend(path, file, number);
    this.remove(
      say,
      Object.keys(this.#memory.files).filter((path) => !files.has(path)),
    );
    this.#verify(files, number);
  }

  /**
   * Removes files that were delivered, and folders that were made for them and are empty now. What lies behind a link
   * that somebody put in a folder's place is not ours, so it stays, and people are told (SEC-A3).
   */
  remove(say: (message: string) => void, paths: readonly string[] = Object.keys(this.#memory.files)): void {
    for (const path of paths) {
      const left = this.#whereOurs(() => this.#tree.at(path, (parent, name) => parent.remove(name)));
      if (left !== undefined) say(`keeps '${path}', which slipway did not write: ${left}`);
    }
    const gone = new Set(paths);
    const files = Object.fromEntries(Object.entries(this.#memory.files).filter(([path]) => !gone.has(path)));
    const folders = this.#memory.folders.toReversed().filter((path) => this.#isKept(path));
    this.#memory = { ...this.#memory, files, folders: folders.toReversed() };
    this.#keep();
  }

  /** Remembers a file before it is written: one that is remembered and not there is written by the next run. */
  #needsWriting(path: string, { content }: DeliveredFile, number: string): boolean {
    const sha256 = sumOf(content);
    const before = this.#before(path);
    const same = this.sumOf(path) === sha256;
    if (!same) this.#requireOurs(path, number);
    const written = same ? (before?.number ?? number) : number;
    this.#memory = { ...this.#memory, files: { ...this.#memory.files, [path]: { number: written, sha256 } } };
    return !same;
  }

  #before(path: string): Memory["files"][string] | undefined {
    return new Map(Object.entries(this.#memory.files)).get(path); // which may be called `constructor`
  }

  #requireOurs(path: string, number: string): void {
    const at = `'${this.#settings.directory}/${path}'`;
    const found = this.#tree.at(path, (parent, name) => parent.stat(name));
    if (found === undefined) return;
    if (!found.isFile()) throw this.#failure(`${at} is not a file (document ${number}); move it away`);
    if (this.#before(path) !== undefined) return;
    const what = `${at} is there already and slipway did not write it (document ${number})`;
    throw this.#failure(`${what}; move it away, or give it the same content`);
  }

  #write(path: string, { content, owner, mode }: DeliveredFile, number: string, workshop: Folder): void {
    const access = { mode: Number.parseInt(mode, 8), uid: findUser(owner), gid: findGroup(owner) };
    this.#attempt(`cannot write '${path}'`, number, () => {
      const make = (parent: Folder, name: string, below: string): Folder => this.#makeFolder(parent, name, below);
      this.#tree.making(path, make, (folder, name) => folder.write(name, content, access, workshop));
    });
  }

  /** Sets owner and mode; a file that is right keeps its inode. */
  #mend(path: string, form: FileForm, number: string): void {
    this.#attempt(`cannot change '${path}'`, number, () => {
      this.#tree.at(path, (parent, name) => {
        const found = parent.stat(name);
        if (found !== undefined && formDifferences(path, form, found).length === 0) return;
        const { owner, mode } = form;
        parent.setFileAccess(name, { mode: Number.parseInt(mode, 8), uid: findUser(owner), gid: findGroup(owner) });
      });
    });
  }

  #verify(files: ReadonlyMap<string, DeliveredFile>, number: string): void {
    const [first] = this.differences(files);
    if (first === undefined) return;
    const what = `'${this.#settings.directory}/${first.where}' is not as document ${number} wrote it`;
    throw this.#failure(`${what}; look for what else writes there, or a read-only file system`);
  }

  #keep(): void {
    this.#settings.state.remember(this.#settings.memory, this.#memory);
  }

  /** Drafts of files are written beside the stack's directory's own content, in a folder that only root enters. */
  #workshop(): Folder {
    using base = this.#tree.open();
    const workshop = base.make(draftsFolder, rootOnly);
    const { uid, mode } = workshop.ownStat();
    if (uid === 0 && (mode & 0o7777) === rootOnly.mode) return workshop;
    workshop[Symbol.dispose]();
    const what = `'${this.#settings.directory}/${draftsFolder}', the folder for drafts, is not root's alone`;
    throw this.#failure(`${what}; remove it, and look for what made it`);
  }

  /** Removes a folder that was made, and tells whether something in it keeps it. */
  #isKept(path: string): boolean {
    try {
      return this.#tree.at(path, (parent, name) => !parent.removeFolder(name)) ?? false;
    } catch (error) {
      if (error instanceof NoFolder) return false; // a link took its place, so it is gone
      throw error;
    }
  }

  /** Runs `act`; returns the reason if a link or file stands in place of a folder. */
  #whereOurs(act: () => void): string | undefined {
    try {
      act();
      return undefined;
    } catch (error) {
      if (error instanceof NoFolder || systemCode(error) === "EISDIR") return messageOf(error);
      throw error;
    }
  }

  /** Makes a folder on the way to a file, and remembers it before. */
  #makeFolder(parent: Folder, name: string, path: string): Folder {
    if (parent.stat(name) === undefined) {
      this.#memory = { ...this.#memory, folders: [...new Set([...this.#memory.folders, path])] };
      this.#keep();
    }
    const { folderMode } = this.#settings;
    return parent.make(name, { mode: typeof folderMode === "number" ? folderMode : folderMode(path), uid: 0, gid: 0 });
  }

  #attempt<Result>(what: string, number: string, act: () => Result): Result {
    try {
      return act();
    } catch (error) {
      if (error instanceof Failure || error instanceof BadPath) throw error;
      const advice = "look for a link in its path, a full disk or a read-only file system";
      throw this.#failure(
        `${what} in '${this.#settings.directory}' (document ${number}): ${messageOf(error)}; ${advice}`,
      );
    }
  }

  #failure(message: string): Failure {
    return new Failure(this.#settings.phase, message);
  }
}

/** The paths of all files of a stack that documents brought. */
export function deliveredPaths(state: StackState): string[] {
  return state
    .allMemory(memorySchema)
    .flatMap(({ directory, files }) => Object.keys(files).map((path) => `${directory}/${path}`));
}

/** Tells what is different in the bytes of a file that somebody changed. */
export type ContentDifferences = (path: string) => Difference[];

const changedByHand: ContentDifferences = (path) => [
  { where: path, expected: "as it was written", found: "changed by hand" },
];
