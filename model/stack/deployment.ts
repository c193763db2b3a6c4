import type { Application, Service } from "../compose/application.ts";
import type { Connection } from "../connection.ts";
import type { PortRange, Protocol } from "../port-range.ts";
import { configurationError } from "../problem.ts";
import { releasedImages } from "./images.ts";
import type { ImageLock } from "./images/lock.ts";
import type { PolicySettings } from "./policy-settings.ts";
import type { Release } from "./release.ts";

/** Everything that a configuration and the files beside it ask of one environment, before any server is observed. */
export interface Deployment {
  /** `project/stack` of Pulumi, such as `aaperture/staging`. */
  readonly stack: string;
  /** The value of `ENVIRONMENT`. */
  readonly environment: string;
  /** The servers by name. */
  readonly hosts: Readonly<Record<string, DeploymentHost>>;
  /** The stack's own folder on the server. */
  readonly directory: string;
  /** The compose project of the shared services; all other names begin with it. */
  readonly project: string;
  readonly domain: string | undefined;
  /** The server removes something of the stack only in a session that was opened for that. */
  readonly protected: boolean;
  readonly application: Application;
  readonly services: Readonly<Record<string, ServiceSettings>>;
  /** What `ports` says, by service. */
  readonly ports: Readonly<Record<string, PortSettings>>;
  readonly networks: NetworkSettings;
  /** The digests of tags. */
  readonly lock: ImageLock;
  readonly proxy: ProxySettings;
  /** The users of registries, by registry. */
  readonly registries: Readonly<Record<string, RegistryUser>>;
  readonly adopt: AdoptSettings;
  /** By volume of the compose file: its name on the server, in place of the file's. */
  readonly volumes: Readonly<Record<string, string>>;
  /** The services that run once for each release before the others; they are not among the application's services. */
  readonly migrations: readonly Migration[];
  readonly rollout: RolloutSettings;
  readonly keep: KeepSettings;
  readonly memory: MemorySettings;
  /** Seconds that a run waits for the lease of a server, and then for verbs of earlier runs. */
  readonly lease: number;
  /** The rules for the compose file. */
  readonly policy: PolicySettings;
  /** Undefined without a release document: the release that was verified last stays. */
  readonly release: Release | undefined;
  /** Every variable of the env file, by name; values are never here. */
  readonly variables: Readonly<Record<string, VariableFingerprint>>;
  readonly envFiles: EnvFileSettings;
}

/** What the configuration and the contract say of env files. */
export interface EnvFileSettings {
  /** By path from the folder of the configuration: the variable that each name in that file has. */
  readonly contents: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By variable: the services that alone may get it. */
  readonly only: Readonly<Record<string, readonly string[]>>;
}

/** What the stack says about the ports of a service: one place for its only port, or a place for each. */
export type PortSettings = { readonly only: PublishedAt } | { readonly mapped: readonly MappedPort[] };

/** A port in the container, or several in a row, and where the stack publishes them. */
export interface MappedPort extends PortRange {
  readonly protocol: Protocol;
  readonly at: PublishedAt;
}

/** The places of the server at which a port is published; `none` if it is not. */
export type PublishedAt = "none" | readonly HostPort[];

/** A port of the server, or several in a row. */
export interface HostPort extends PortRange {
  /** Undefined where the stack names none. */
  readonly address: string | undefined;
}

/** What the stack takes over on its servers. */
export interface AdoptSettings {
  /** The hand-made compose project whose place the stack takes. */
  readonly project?: string | undefined;
  /** Its containers are no longer needed to go back. */
  readonly done: boolean;
  /** The state that is accepted in place of the data that a volume held, by volume. */
  readonly data: Readonly<Record<string, string>>;
}

/** The stack's settings for the networks of its compose file. */
export interface NetworkSettings {
  /** The addresses of which each server chooses subnets, such as `10.213.0.0/16`. */
  readonly range: string;
  /** By network of the file: the subnet that takes the place of the file's. */
  readonly subnets: Readonly<Record<string, string>>;
}

/** The stack's settings for one service, with defaults. Every service of the application has them. */
export interface ServiceSettings {
  /** The service is part of the release and comes in colours; all others are shared. */
  readonly release: boolean;
  /** The port at which it answers requests; undefined if the compose file publishes exactly one of TCP. */
  readonly port?: number | undefined;
  /** The request that it answers well when it is ready. */
  readonly health?: HealthCheck | undefined;
  /** The volume or the folder of the compose file that holds the service's data. */
  readonly data?: DataSettings | undefined;
  /** The limit in bytes. */
  readonly memory?: number | undefined;
  /** Seconds until the service must be ready. */
  readonly boot: number;
  /** When a release service starts: with its release, or when its release has the traffic. @default by its ports */
  readonly start?: "with-release" | "after-switch" | undefined;
  /** The service ends, or runs on; undefined if the compose file tells. */
  readonly job?: boolean | undefined;
  /** Everybody in the container may read the service's secrets that are variables, as under Compose. */
  readonly openSecrets?: boolean | undefined;
  /** Mount targets that are left out. */
  readonly drop: readonly string[];
}

/** The place of a service's data: either a volume, or a folder. */
interface DataSettings {
  readonly volume?: string | undefined;
  /** As the compose file mounts it: `./data/db`. */
  readonly folder?: string | undefined;
  /** The folder's path on the server; by default the same path below the stack's directory. */
  readonly path?: string | undefined;
}

/** A request to a service that tells whether it is well. */
export interface HealthCheck {
  readonly path: string;
  /** The status of a good answer; any 2xx if undefined. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Which images of earlier releases stay on the server. */
export interface KeepSettings {
  /** The number of verified releases, with the one that serves. */
  readonly releases: number;
  /** Bytes for the images that are kept to go back alone; undefined for any. */
  readonly disk?: number | undefined;
}

/** The stack's settings for switching from one release to the next. */
export interface RolloutSettings {
  /** The new release starts beside the one that serves, or after that one has stopped. */
  readonly strategy: "blue-green" | "recreate";
  /** Good answers in a row, the seconds that they take at least, and the seconds from one to the next. */
  readonly gate: { readonly answers: number; readonly seconds: number; readonly interval: number };
  /** Seconds for which a release is watched after the switch. */
  readonly watch: number;
  /** The state in which the previous release is kept. */
  readonly warm: "running" | "stopped" | "none";
}

/** The stack's settings for the memory of its servers. */
interface MemorySettings {
  /** Bytes that are kept for the system and everything that is of no stack. */
  readonly reserve: number;
  /** Why the stacks of a server may use more than it has. @default they may not */
  readonly overcommit?: string | undefined;
}

/** The user of a registry. Only a run knows the password. */
export interface RegistryUser {
  readonly user: string;
  /** The variable of the run's environment that holds the password. */
  readonly passwordVariable: string;
}

/** The stack's own Traefik. */
interface ProxySettings {
  /** By digest, or by a tag of the lock. */
  readonly image: string;
  /** The limit in bytes. */
  readonly memory?: number | undefined;
}

/** A keyed hash that shows a change of a value without the value, cut to a length that fits a preview. */
export type VariableFingerprint = string;

/** A service of the compose file that prepares the database for a release and ends. */
export interface Migration {
  readonly service: Service;
  readonly settings: ServiceSettings;
  /** Seconds until it must have ended. */
  readonly deadline: number;
}

/** A server of the configuration. */
export interface DeploymentHost {
  readonly connection: Connection;
  /** Its path in the configuration: `host`, or `hosts.` and its name. */
  readonly path: string;
}

/** Adds the last release to a deployment without a release document. */
export function withRelease(deployment: Deployment, last: Release | undefined): Deployment {
  if (deployment.release !== undefined) return deployment;
  if (last !== undefined) return { ...deployment, release: keptRelease(deployment, last) };
  throw configurationError({
    path: "release",
    what: "there is no release document, and none was verified here before",
    todo: "let the build job write `release.json`, or name another file with `release.file`",
  });
}

/** Keeps the images that come with a release: the others are those of the lock and the compose file now. */
function keptRelease(deployment: Deployment, release: Release): Release {
  const names = releasedImages(deployment);
  const kept = Object.entries(release.images).filter(([name]) => names.includes(name));
  return { ...release, images: Object.fromEntries(kept) };
}
