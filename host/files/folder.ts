import { Buffer } from "node:buffer";
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  opendirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeSync,
  type BigIntStats,
  type Stats,
} from "node:fs";
import { systemCode } from "../failure.ts";
import { mostBytes, readFrom, sumOf } from "./read.ts";

/** Names a file without opening it, so that no driver of a device acts; of Linux, and not among Node's constants. */
const O_PATH = 0o10000000;

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** A folder that a file system makes by itself, at the top of each disk. */
export const ofFileSystem = "lost+found";

/** Owner and mode of a file or folder. */
export interface Access {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A link, or anything else that is no folder, in the place of a folder: it may lead elsewhere, and is not entered. */
export class NoFolder extends Error {
  override readonly name = "NoFolder";
}

/** Requires a plain file name. */
function checkName(name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/") || name.includes("\0")) {
    throw new Error(`not the name of a file: ${JSON.stringify(name)}`);
  }
  return name;
}

/**
 * A folder that is held open. Everything in it is reached through its descriptor, one name at a time, and no link is
 * followed: a container that swaps a folder for a link cannot lead the program elsewhere (SEC-A2, SEC-A3). Node has no
 * openat; the kernel offers the same below /proc/self/fd.
 */
export class Folder implements Disposable {
  readonly #fd: number;
  readonly path: string;

  private constructor(fd: number, path: string) {
    this.#fd = fd;
    this.path = path;
  }

  /** Opens a folder by its path. The folders above it belong to the server's administrator, and may be links. */
  static open(path: string): Folder {
    return new Folder(openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW), path);
  }

  /** Opens a folder in this one; undefined if nothing has that name. Rejects links and all else. */
  folder(name: string): Folder | undefined {
    try {
      const fd = openSync(this.#at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      return new Folder(fd, `${this.path}/${name}`);
    } catch (error) {
      const code = systemCode(error) ?? "";
      if (code === "ENOENT") return undefined;
      if (code === "ELOOP" || code === "ENOTDIR") throw new NoFolder(`'${this.path}/${name}' is a link or no folder`);
      throw error;
    }
  }

  /** Opens a folder in this one, and makes it if nothing has that name. */
  make(name: string, access: Access): Folder {
    const there = this.folder(name);
    if (there !== undefined) return there;
    mkdirSync(this.#at(name), { mode: access.mode });
    const made = this.folder(name);
    if (made === undefined) throw new Error(`'${this.path}/${name}' went away as soon as it was made`);
    made.setAccess(access);
    return made;
  }

  /** Owner, mode and kind of an entry, of a link itself; undefined if nothing has that name. */
  stat(name: string): Stats | undefined {
    return lstatSync(this.#at(name), { throwIfNoEntry: false });
  }

  /** Owner and mode of this folder. */
  ownStat(): Stats {
    return fstatSync(this.#fd);
  }

  /** Inode and times of this folder, to the nanosecond. */
  preciseStat(): BigIntStats {
    return fstatSync(this.#fd, { bigint: true });
  }

  /** Tells if nothing is in the folder but entries with these names. It may hold millions, so few are read. */
  isEmpty(ignored: readonly string[]): boolean {
    using listing = opendirSync(`/proc/self/fd/${this.#fd}`, { bufferSize: ignored.length + 1 });
    for (let entry = listing.readSync(); entry !== null; entry = listing.readSync()) {
      if (!ignored.includes(entry.name)) return false;
    }
    return true;
  }

  setAccess({ mode, uid, gid }: Access): void {
    fchownSync(this.#fd, uid, gid);
    fchmodSync(this.#fd, mode);
  }

  /** The bytes of a file; undefined if nothing has that name. Rejects a link, what is no file, and a huge file. */
  read(name: string): Buffer | undefined {
    const fd = this.#openFile(name);
    if (fd === undefined) return undefined;
    try {
      const { size } = fstatSync(fd);
      if (size > mostBytes) throw new Error(`'${this.path}/${name}' has ${size} bytes, more than ${mostBytes}`);
      return readFrom(fd, size);
    } finally {
      closeSync(fd);
    }
  }

  /** The first bytes of a file, or all if it has fewer; undefined if nothing has that name. Rejects what is no file. */
  readStart(name: string, bytes: number): Buffer | undefined {
    const fd = this.#openFile(name);
    if (fd === undefined) return undefined;
    try {
      return readFrom(fd, bytes);
    } finally {
      closeSync(fd);
    }
  }

  /** Changes owner and mode of a file without touching its bytes. */
  setFileAccess(name: string, { mode, uid, gid }: Access): void {
    const fd = this.#openFile(name);
    if (fd === undefined) throw new Error(`'${this.path}/${name}' is not there`);
    try {
      fchownSync(fd, uid, gid);
      fchmodSync(fd, mode);
    } finally {
      closeSync(fd);
    }
  }

  /**
   * Replaces a file: old or new, never half. The new bytes are written in `workshop`, a folder of root's own on the
   * same file system that no container sees, brought to the disk, and renamed into their place.
   */
  write(name: string, content: Uint8Array, access: Access, workshop: Folder): void {
    const draft = `${process.pid}.${sumOf(name).slice(0, 16)}`; // the name itself may be the longest one
    workshop.remove(draft);
    try {
      workshop.#create(draft, content, access);
      renameSync(workshop.#at(draft), this.#at(name));
    } catch (error) {
      workshop.remove(draft);
      throw error;
    }
    fsyncSync(this.#fd);
  }

  /** Gives a file of this folder another name in it, in place of what has that name; it takes no room on the disk. */
  rename(name: string, to: string): void {
    renameSync(this.#at(name), this.#at(to));
    fsyncSync(this.#fd);
  }

  /** Removes a file or a link, never what it leads to; nothing happens if nothing has that name. */
  remove(name: string): void {
    try {
      unlinkSync(this.#at(name));
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw error;
    }
  }

  /** Removes an empty folder, and tells whether it is gone. */
  removeFolder(name: string): boolean {
    try {
      rmdirSync(this.#at(name));
      return true;
    } catch (error) {
      if (systemCode(error) === "ENOENT") return true;
      if (["ENOTEMPTY", "EEXIST", "ENOTDIR", "EBUSY"].includes(systemCode(error) ?? "")) return false;
      throw error;
    }
  }

  /** The names of all entries, sorted. */
  names(): string[] {
    return readdirSync(`/proc/self/fd/${this.#fd}`).sort();
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  #at(name: string): string {
    return `/proc/self/fd/${this.#fd}/${checkName(name)}`;
  }

  /** Opens a file, and nothing else: a container may make a device in its place, which acts as soon as it is opened. */
  #openFile(name: string): number | undefined {
    let named: number;
    try {
      named = openSync(this.#at(name), O_PATH | O_NOFOLLOW);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    }
    try {
      if (!fstatSync(named).isFile()) throw new Error(`'${this.path}/${name}' is not a file`);
      return openSync(`/proc/self/fd/${named}`, O_RDONLY);
    } finally {
      closeSync(named);
    }
  }

  #create(name: string, content: Uint8Array, { mode, uid, gid }: Access): void {
    const fd = openSync(this.#at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      for (let at = 0; at < content.length;) at += writeSync(fd, content, at);
      fchownSync(fd, uid, gid);
      fchmodSync(fd, mode);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  }
}
