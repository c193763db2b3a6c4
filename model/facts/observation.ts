import type { WrittenFile } from "../plan/written-file.ts";

/** What one look at a server found, without changing it; docs/documents.md says where each fact comes from. */
export interface Observation {
  readonly host: HostFact;
  readonly disks: readonly DiskFact[];
  readonly directory: DirectoryFact | undefined;
  readonly claims: readonly ClaimFact[];
  readonly listeners: readonly ListenerFact[];
  readonly containers: readonly ContainerFact[];
  readonly volumes: readonly VolumeFact[];
  readonly applied: readonly AppliedFact[];
  readonly files: readonly WrittenFile[];
  readonly remarks: readonly Remark[];
  readonly release: ReleaseFact | undefined;
  /** Who holds the lease, in the holder's words; undefined where it is free. */
  readonly leaseHolder: string | undefined;
  readonly journal: readonly string[];
}

interface HostFact {
  readonly machine: string;
  readonly boot: string;
  readonly architecture: string;
  /** Version of the engine, empty where none answers. */
  readonly engine: string;
  /** Version of `docker compose`, empty where there is none. */
  readonly compose: string;
  readonly memoryTotal: number;
  readonly memoryAvailable: number;
}

/** Free bytes of a file system. */
interface DiskFact {
  readonly path: string;
  readonly free: number;
}

/** The stack's directory, before it is made too. */
interface DirectoryFact {
  readonly path: string;
  /** With links resolved. */
  readonly real: string;
  readonly exists: boolean;
  readonly writable: boolean;
}

/** What a stack holds on the server. */
export interface ClaimFact {
  readonly stack: string;
  readonly directory: string;
  readonly real: string;
  readonly projects: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  /** False where the file is cut: nobody can say what the stack holds. */
  readonly readable: boolean;
}

/** Who listens on a port that the stack wants. */
export interface ListenerFact {
  readonly port: string;
  readonly address: string;
  readonly pid: string;
  readonly command: string;
  /** The container that publishes it, with its compose project and service; empty where it is none. */
  readonly container: string;
  readonly project: string;
  readonly service: string;
}

/** A container of one of the stack's compose projects. */
export interface ContainerFact {
  readonly project: string;
  readonly service: string;
  readonly name: string;
  readonly id: string;
  readonly image: string;
  readonly state: string;
  readonly health: string;
  readonly since: string;
  readonly restarts: number;
}

/** A volume that is wanted, or of which the server remembers data of this stack, and what it remembers. */
export interface VolumeFact {
  readonly volume: string;
  readonly exists: boolean;
  /** Postgres' system identifier, empty where there is none. */
  readonly cluster: string;
  readonly major: string;
  readonly remembered: RememberedData | null;
  /** Another stack whose data it is, also one that is not deployed now; empty where there is none. */
  readonly owner: string;
}

/** What was in a volume when its service was well last. */
export interface RememberedData {
  readonly service: string;
  /** Postgres' system identifier, empty for files. */
  readonly cluster: string;
  readonly machine: string;
}

/** A document that was applied, and what is no longer as it says. */
export interface AppliedFact {
  readonly object: string;
  readonly kind: string;
  readonly resource: string;
  readonly number: string;
  readonly hash: string;
  /** The document itself; empty where it could not be read. */
  readonly text: string;
  readonly differences: readonly Difference[];
}

/** One thing on a server that is not as it was applied. */
export interface Difference {
  readonly where: string;
  readonly expected: string;
  readonly found: string;
}

/** Something that is where the stack is and not of the stack: people are told, and nothing touches it. */
export interface Remark {
  readonly where: string;
  readonly found: string;
}

export interface ReleaseFact {
  readonly version: string;
  readonly images: Readonly<Record<string, string>>;
  readonly colour: string;
  readonly generation: string;
  readonly since: string;
}
