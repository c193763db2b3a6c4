import { z } from "zod";
import { containerSchema, namesakeSchema } from "./container.ts";
import { adoptionSchema, handMadeSchema } from "./hand-made/hand-made.ts";
import { releaseSchema } from "./release/release.ts";
import { directorySchema, diskSchema, hostSchema } from "./server.ts";

/**
 * The facts of one observation, each declared once: previews read them by these schemas, and the types are inferred
 * from them. docs/server-program.md says how the facts are found.
 */

const list = z.array(z.string()).readonly();

/** Everything that one stack has claimed on the server. */
const claimSchema = z.object({
  /** `project/stack`. */
  stack: z.string(),
  directory: z.string(),
  /** The directory with its links resolved. */
  real: z.string(),
  projects: list,
  /** As `serverPortText` writes them. */
  ports: list,
  volumes: list,
  networks: list,
  /** Names of containers. */
  containers: list,
  /** Those that its files name, and those that the server chose. */
  subnets: list,
  /** The memory that it may use at the same time, in bytes; undefined if nothing of it has a limit. */
  memory: z.number().optional(),
  /** False if the claim's file is damaged; the other fields are then incomplete. */
  readable: z.boolean(),
});

/** A process or container that listens on a port that the stack wants. */
const listenerSchema = z.object({
  port: z.string(),
  protocol: z.enum(["tcp", "udp"]),
  address: z.string(),
  pid: z.string(),
  command: z.string(),
  /** The container that publishes the port, empty if a process outside of Docker listens. */
  container: z.string(),
  /** Compose project of the container, empty if it has none. */
  project: z.string(),
});

/** The data that a volume held when its service was healthy last. */
export const rememberedDataSchema = z.object({
  service: z.string(),
  /** Postgres' system identifier, empty for plain files. */
  cluster: z.string(),
  /** Inode and birth time of the volume's folder, which a volume made again does not have. */
  folder: z.string(),
  /** The volume held nothing. */
  empty: z.boolean(),
  /** Machine id of the server that held the data. */
  machine: z.string(),
  /** The value of `adopt` by which it was accepted in place of other data. */
  adopted: z.string().optional(),
});

/** A network of Docker that has a name, or addresses, which the stack wants. */
const networkSchema = z.object({
  name: z.string(),
  /** The stack for which slipway made it; empty if somebody else did. */
  stack: z.string(),
  /** The compose project for which Compose made it; empty if it did not. */
  project: z.string(),
  subnets: list,
  /** The containers in it that are of no project of the stack; not told where only its addresses are wanted. */
  guests: list,
});

/** An interface of the server whose name the stack wants for a bridge. */
const bridgeSchema = z.object({
  name: z.string(),
  /** The network of Docker that has it, empty if none names it. */
  network: z.string(),
});

/** A way of the server to addresses that the stack wants. */
const routeSchema = z.object({ subnet: z.string(), device: z.string() });

/** A volume or folder that the stack wants, or that held data of the stack before. */
export const volumeSchema = z.object({
  /** Its name; that of a folder is its path. */
  volume: z.string(),
  exists: z.boolean(),
  /** Postgres' system identifier, empty if the volume holds no cluster. */
  cluster: z.string(),
  /** Postgres' major version, empty if the volume holds no cluster. */
  major: z.string(),
  /** Inode and birth time of the volume's folder, empty if there is no volume. */
  folder: z.string(),
  /** The volume holds nothing. */
  empty: z.boolean(),
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

/** Everything that one observation of a server found. */
export const observationSchema = z.object({
  host: hostSchema,
  disks: z.array(diskSchema).readonly(),
  directory: directorySchema.optional(),
  /** Of all stacks on the server. */
  claims: z.array(claimSchema).readonly(),
  listeners: z.array(listenerSchema).readonly(),
  containers: z.array(containerSchema).readonly(),
  /** Those of others that have a name which the stack wants for its own. */
  namesakes: z.array(namesakeSchema).readonly(),
  /** The hand-made compose projects that were asked for. */
  handMade: z.array(handMadeSchema).readonly(),
  /** The one whose place the stack has taken. */
  adoption: adoptionSchema.optional(),
  volumes: z.array(volumeSchema).readonly(),
  networks: z.array(networkSchema).readonly(),
  routes: z.array(routeSchema).readonly(),
  bridges: z.array(bridgeSchema).readonly(),
  applied: z.array(appliedSchema).readonly(),
  files: z.array(writtenFileSchema).readonly(),
  remarks: z.array(remarkSchema).readonly(),
  release: releaseSchema.optional(),
  /** A description of the session that holds the server's lease; undefined if the lease is free. */
  leaseHolder: z.string().optional(),
  /** The last lines of the stack's journal, the newest at the end. */
  journal: list,
});

export type DirectoryFact = Readonly<z.output<typeof directorySchema>>;
export type ClaimFact = Readonly<z.output<typeof claimSchema>>;
export type ListenerFact = Readonly<z.output<typeof listenerSchema>>;
export type ContainerFact = Readonly<z.output<typeof containerSchema>>;
export type NamesakeFact = Readonly<z.output<typeof namesakeSchema>>;
export type NetworkFact = Readonly<z.output<typeof networkSchema>>;
export type BridgeFact = Readonly<z.output<typeof bridgeSchema>>;
export type RouteFact = Readonly<z.output<typeof routeSchema>>;
export type VolumeFact = Readonly<z.output<typeof volumeSchema>>;
export type RememberedData = Readonly<z.output<typeof rememberedDataSchema>>;
export type AppliedFact = Readonly<z.output<typeof appliedSchema>>;
export type Difference = Readonly<z.output<typeof differenceSchema>>;
export type WrittenFile = Readonly<z.output<typeof writtenFileSchema>>;
export type Remark = Readonly<z.output<typeof remarkSchema>>;
export type Observation = Readonly<z.output<typeof observationSchema>>;
