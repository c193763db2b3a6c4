import type { Deployment, DeploymentHost, HostPort, VariableFingerprint } from "./deployment.ts";
import type { Networks, Place } from "./names.ts";
import type { EntryPoint } from "./ports.ts";
import type { Release } from "./release.ts";
import type { DataVolume, PublishedPort, StackService } from "./service.ts";

/** One environment with every fact of it derived once: all that is made of a deployment is made of this. */
export interface Stack {
  /** `project/stack` of Pulumi, such as `aaperture/staging`. */
  readonly name: string;
  /** The value of `ENVIRONMENT`. */
  readonly environment: string;
  readonly directory: string;
  readonly project: string;
  readonly release: Release | undefined;
  /** Every service, in the order of the compose file; the migration is the last one. */
  readonly services: readonly StackService[];
  /** By name: the servers, with what stands on each. */
  readonly hosts: Readonly<Record<string, StackHost>>;
  readonly proxy: ProxyImage;
  readonly hostPorts: Readonly<Record<string, HostPort>>;
  readonly registries: Deployment["registries"];
  readonly adopt: Deployment["adopt"];
  readonly protected: boolean;
  readonly policy: Deployment["policy"];
  /** Every variable of the env file, by name; values are never here. */
  readonly variables: Readonly<Record<string, VariableFingerprint>>;
}

/** One server of a stack, and what of the stack stands on it. */
export interface StackHost extends DeploymentHost {
  readonly name: string;
  readonly services: readonly StackService[];
  readonly parts: Parts;
  /** The purpose of each compose project. */
  readonly projects: Readonly<Record<string, PartName>>;
  readonly networks: Networks;
  readonly volumes: readonly DataVolume[];
  readonly ports: readonly PublishedPort[];
}

/** A part of a stack that is one compose project on a server. */
export interface Part extends Place {
  /** By name. */
  readonly services: readonly StackService[];
}

/** The migration's project, which runs once for a release and ends. */
export interface MigrationPart extends Place {
  readonly service: StackService;
  /** Seconds that it may take. */
  readonly deadline: number;
}

/** The image of the stack's own Traefik. */
export interface ProxyImage {
  readonly image: string;
  /** Bytes that it may use. */
  readonly memory: number | undefined;
}

/** The project of the stack's own Traefik. */
export interface ProxyPart extends Place, ProxyImage {
  readonly entryPoints: readonly EntryPoint[];
  readonly published: readonly PublishedPort[];
  /** Names of the release services, for which it answers. */
  readonly services: readonly string[];
}

/** The parts of a stack; the release's place has `<colour>` in it. */
export interface Parts {
  readonly shared: Part;
  readonly release: Part;
  readonly proxy: ProxyPart;
  readonly migration: MigrationPart | undefined;
}

/** The name of a part, where each colour is one of its own. */
export type PartName = "shared" | "proxy" | "blue" | "green" | "migration";
