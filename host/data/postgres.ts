import type { Buffer } from "node:buffer";
import type { Folder } from "../files/folder.ts";

/** The Postgres cluster in a folder, as far as it tells what it is. */
interface Cluster {
  /** Postgres' system identifier, empty if there is no cluster. */
  readonly cluster: string;
  /** The major version, empty if there is no cluster. */
  readonly major: string;
}

const none: Cluster = { cluster: "", major: "" };

/**
 * Reads which cluster lies in a volume. The files are the container's own, so none is believed to be what it should be:
 * no link is followed, few bytes are read, and only numbers are told (SEC-B5).
 */
export function clusterIn(volume: Folder, path: string): Cluster {
  const found = within(volume, path === "." ? [] : path.split("/"), (folder) => {
    return { cluster: identifierIn(folder), major: majorIn(folder) };
  });
  return found ?? none;
}

/** Returns only a Postgres version, such as `17` or `9.6`, of which the first number counts; else nothing. */
function majorIn(folder: Folder): string {
  const text = start(folder, "PG_VERSION", 8)?.toString("latin1") ?? "";
  return /^([0-9]{1,3})(?:\.[0-9]{1,2})?\n?$/.exec(text)?.[1] ?? "";
}

/** The first eight bytes of `global/pg_control`, a number whose lowest byte is the first. */
function identifierIn(folder: Folder): string {
  const bytes = within(folder, ["global"], (global) => start(global, "pg_control", 8));
  if (bytes?.length !== 8) return "";
  const identifier = bytes.readBigUInt64LE();
  return identifier === 0n ? "" : String(identifier);
}

/** The first bytes of a file; undefined for a link or anything else that cannot be read: it is no cluster's. */
function start(folder: Folder, name: string, bytes: number): Buffer | undefined {
  return whereReadable(() => folder.readStart(name, bytes));
}

/** Acts in the folder at the end of a path, of which no part may be a link. */
function within<Result>(
  folder: Folder,
  [name, ...rest]: readonly string[],
  act: (folder: Folder) => Result,
): Result | undefined {
  if (name === undefined) return act(folder);
  using next = whereReadable(() => folder.folder(name));
  return next === undefined ? undefined : within(next, rest, act);
}

function whereReadable<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
