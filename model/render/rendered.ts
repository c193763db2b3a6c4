import type { Job } from "../job.ts";
import type { HealthCheck } from "../stack/deployment.ts";
import type { Joins } from "../stack/network/joins.ts";
import type { SecretFile } from "../stack/secrets.ts";
import type { DataVolume } from "../stack/service.ts";

/** A file as it is delivered to a server. */
export interface RenderedFile {
  /** Four octal digits. */
  readonly mode: string;
  readonly content: Uint8Array;
}

/** The facts of a service that the server needs besides its compose file. */
export interface RenderedService {
  /** By digest. */
  readonly image: string;
  /** The kind of data in each mounted volume, by the volume's name on the server. */
  readonly volumes: Readonly<Record<string, DataVolume["data"]>>;
  /** Seconds until it must be ready. */
  readonly deadline: number;
  /** It is ready when it has ended without an error. @default it stays */
  readonly job?: Job;
  /** Names of the variables that it uses, including those of secret files, sorted. Some may not be set. */
  readonly variables: readonly string[];
  /** By name: a sum of the value of each variable that an env file of the repository sets. */
  readonly defaults: Readonly<Record<string, string>>;
  /** The delivered files and folders by target, relative to the project's directory. */
  readonly mounts: Readonly<Record<string, string>>;
  /** The variables of the mounted secret files, by target. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A release service, which is probed before it gets requests. */
export interface RenderedReleaseService extends RenderedService {
  /** The port on which it listens; undefined for a service without one, such as a worker. */
  readonly port: number | undefined;
  /** Other ports that are open when it is ready. @default none */
  readonly opens?: readonly number[];
  /** The request that it answers well when it is ready. */
  readonly health: HealthCheck | undefined;
  /** It starts when its release has the traffic. @default false */
  readonly afterSwitch?: boolean;
  /** The sum of the memory limits of its replicas, in bytes. */
  readonly memory: number;
}

/** One compose project with all its files. */
export interface RenderedProject<Service extends RenderedService = RenderedService> {
  readonly project: string;
  /** The folder of the compose file, and the base of all relative paths. */
  readonly directory: string;
  /** Text of the compose file. */
  readonly compose: string;
  /** Further files of the project, by path. */
  readonly files: Readonly<Record<string, RenderedFile>>;
  /** Env files beside the stack's own, by path: by name in the file the stack's variable. The session brings them. */
  readonly envFiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Secret files by path; the session brings their content. */
  readonly secrets: Readonly<Record<string, SecretFile>>;
  readonly services: Readonly<Record<string, Service>>;
  /** By service: the networks that its containers join beside those of the compose file. @default none */
  readonly joins?: Readonly<Record<string, Joins>>;
}

/** The release with the placeholder `<colour>`. The keys of its services are the developers' names. */
export interface RenderedRelease extends RenderedProject<RenderedReleaseService> {
  /** Text of the proxy's dynamic file, with `<colour>` and `<generation>`. */
  readonly routes: string;
  /** By name: the ports of the proxy that lead to its services. */
  readonly entryPoints: Readonly<Record<string, RenderedEntryPoint>>;
}

/** A port of the proxy behind which a release service answers. */
export interface RenderedEntryPoint {
  readonly service: string;
  /** The proxy reads requests of HTTP there, or passes on connections as they are. */
  readonly speaks: "http" | "tcp";
  /** The port on the server, or in the proxy's container if it is not published. */
  readonly port: number;
  /** The address on the server; undefined if the port is not published. */
  readonly address: string | undefined;
  /** The network, by its name on the server, at whose address the proxy listens; undefined if at every one. */
  readonly network: string | undefined;
}

/** A migration of the release: one service, which ends. */
export interface RenderedMigration extends Omit<RenderedProject, "services"> {
  /** The developers' name for it. */
  readonly service: string;
  /** By digest. */
  readonly image: string;
  /** Seconds until it must have ended. */
  readonly deadline: number;
}
