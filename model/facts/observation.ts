import { z } from "zod";

/**
 * The facts of one observation, each declared once: previews read them by these schemas, and the types are inferred
 * from them. This file imports only zod, so that the program on the server can use it as well. docs/documents.md says
 * how the facts are found.
 */

/** The server itself. */
const hostSchema = z.object({
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
});

/** A file system that the stack writes to. */
const diskSchema = z.object({
  path: z.string(),
  /** In bytes. */
  free: z.number(),
});

/** The stack's directory, which need not exist yet. */
const directorySchema = z.object({
  path: z.string(),
  /** The path with its links resolved. */
  real: z.string(),
  /** The directory, or the nearest existing one above it, can be written. */
  writable: z.boolean(),
});

const list = z.array(z.string()).readonly();

/** Everything that one stack has claimed on the server. */
const claimSchema = z.object({
  /** `project/stack`. */
  stack: z.string(),
  directory: z.string(),
  /** The directory with its links resolved. */
  real: z.string(),
  projects: list,
  ports: list,
  volumes: list,
  networks: list,
  /** False if the claim's file is damaged; the other fields are then incomplete. */
  readable: z.boolean(),
});

/** A process or container that listens on a port that the stack wants. */
const listenerSchema = z.object({
  port: z.string(),
  address: z.string(),
  pid: z.string(),
  command: z.string(),
  /** The container that publishes the port, empty if a process outside of Docker listens. */
  container: z.string(),
  /** Compose project of the container, empty if it has none. */
  project: z.string(),
});

/** A container of one of the stack's compose projects. */
const containerSchema = z.object({
  project: z.string(),
  service: z.string(),
  name: z.string(),
  /** As the container was configured, not resolved to an id. */
  image: z.string(),
  /** In the engine's words: `running`, `exited`, … */
  state: z.string(),
  /** In the engine's words, empty if the container has no health check. */
  health: z.string(),
  /** When the container started, or ended if it is not running. */
  since: z.string(),
  restarts: z.number(),
});

/** The data that a volume held when its service was healthy last. */
export const rememberedDataSchema = z.object({
  service: z.string(),
  /** Postgres' system identifier, empty for plain files. */
  cluster: z.string(),
  /** Machine id of the server that held the data. */
  machine: z.string(),
});

/** A volume that the stack wants, or that held data of the stack before. */
export const volumeSchema = z.object({
  volume: z.string(),
  exists: z.boolean(),
  /** Postgres' system identifier, empty if the volume holds no cluster. */
  cluster: z.string(),
  /** Postgres' major version, empty if the volume holds no cluster. */
  major: z.string(),
  remembered: rememberedDataSchema.nullable(),
  /** Another stack, deployed or not, whose data the volume holds; empty if there is none. */
  owner: z.string(),
});

/** One difference between a server and an applied document. */
export const differenceSchema = z.object({ where: z.string(), expected: z.string(), found: z.string() });

/** A document that was applied to the server. */
export const appliedSchema = z.object({
  /** The thing on the server that the document describes. */
  object: z.string(),
  kind: z.string(),
  resource: z.string(),
  number: z.string(),
  hash: z.string(),
  /** The document itself, empty if it could not be read. */
  text: z.string(),
  /** Everything on the server that differs from the document. */
  differences: z.array(differenceSchema).readonly(),
});

/** A delivered file on the server. */
export const writtenFileSchema = z.object({
  path: z.string(),
  /** Sum of the current bytes, empty if the file is gone. */
  sha256: z.string(),
  /** Number of the document that wrote the file last. */
  written: z.string(),
});

/** A file, container or process on the server beside the stack. It is reported and left alone. */
export const remarkSchema = z.object({ where: z.string(), found: z.string() });

/** The release that was applied last. */
const releaseSchema = z.object({
  version: z.string(),
  /** By service, the proxy's as `@proxy`. */
  images: z.record(z.string(), z.string()),
  /** The colour that serves. */
  colour: z.string(),
  /** When the proxy switched to it. */
  since: z.string(),
});

/** Everything that one observation of a server found. */
export const observationSchema = z.object({
  host: hostSchema,
  disks: z.array(diskSchema).readonly(),
  directory: directorySchema.optional(),
  /** Of all stacks on the server. */
  claims: z.array(claimSchema).readonly(),
  listeners: z.array(listenerSchema).readonly(),
  containers: z.array(containerSchema).readonly(),
  volumes: z.array(volumeSchema).readonly(),
  applied: z.array(appliedSchema).readonly(),
  files: z.array(writtenFileSchema).readonly(),
  remarks: z.array(remarkSchema).readonly(),
  release: releaseSchema.optional(),
  /** A description of the session that holds the server's lease; undefined if the lease is free. */
  leaseHolder: z.string().optional(),
  /** The last lines of the stack's journal, the newest at the end. */
  journal: list,
});

export type ClaimFact = Readonly<z.output<typeof claimSchema>>;
export type ListenerFact = Readonly<z.output<typeof listenerSchema>>;
export type ContainerFact = Readonly<z.output<typeof containerSchema>>;
export type VolumeFact = Readonly<z.output<typeof volumeSchema>>;
export type RememberedData = Readonly<z.output<typeof rememberedDataSchema>>;
export type AppliedFact = Readonly<z.output<typeof appliedSchema>>;
export type Difference = Readonly<z.output<typeof differenceSchema>>;
export type WrittenFile = Readonly<z.output<typeof writtenFileSchema>>;
export type Remark = Readonly<z.output<typeof remarkSchema>>;
export type Observation = Readonly<z.output<typeof observationSchema>>;
