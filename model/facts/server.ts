import { z } from "zod";

/** The server itself. */
export const hostSchema = z.object({
  /** The machine id, by which the server is recognised. */
  machine: z.string(),
  /** Id of the current boot. */
  boot: z.string(),
  /** As `uname -m` prints it. */
  architecture: z.string(),
  /** Version of the Docker engine, empty if no engine answers. */
  engine: z.string(),
  /** Version of `docker compose`, empty if it is not installed. */
  compose: z.string(),
  /** In bytes. */
  memoryTotal: z.number(),
  /** In bytes. */
  memoryAvailable: z.number(),
  /** Milliseconds since 1970 by the server's clock. */
  clock: z.number().optional(),
});

/** A file system that the stack writes to. */
export const diskSchema = z.object({
  path: z.string(),
  /** In bytes. */
  free: z.number(),
  /** Free inodes; undefined if the file system makes them as it needs them. */
  inodes: z.number().optional(),
});

/** The stack's directory, which need not exist yet. */
export const directorySchema = z.object({
  path: z.string(),
  /** The path with its links resolved. */
  real: z.string(),
  /** The directory, or the nearest existing one above it, can be written. */
  writable: z.boolean(),
  /**
   * `ours` is a directory with content that slipway made or used before, `foreign` one with content of somebody else;
   * `unusable` is a link or a file.
   */
  state: z.enum(["missing", "empty", "ours", "foreign", "unusable"]),
});
