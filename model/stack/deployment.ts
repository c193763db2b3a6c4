import type { Application, Service } from "../compose/application.ts";
import type { Connection } from "../connection.ts";
import type { PolicySettings } from "./policy-settings.ts";
import type { Release } from "./release.ts";

/** Everything that one environment is asked to be, before any server was looked at: the one input of the plan. */
export interface Deployment {
  /** `project/stack` of Pulumi, such as `aaperture/staging`. */
  readonly stack: string;
  /** What `ENVIRONMENT` says. */
  readonly environment: string;
  /** By name: the servers. */
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
  /** By service, for those that publish a port. */
  readonly ports: Readonly<Record<string, HostPort>>;
  /** Digest references that replace the compose file's image, by shared service. */
  readonly images: Readonly<Record<string, string>>;
  readonly proxy: ProxySettings;
  /** By registry, who pulls from it. */
  readonly registries: Readonly<Record<string, RegistryUser>>;
  /** By volume, the machine whose data is taken for right although the stack's outputs name another. */
  readonly adopt: Readonly<Record<string, string>>;
  /** What runs once for each release, before its services; not among the application's services. */
  readonly migration: Migration | undefined;
  /** What the environment wants of its compose file. */
  readonly policy: PolicySettings;
  /** Undefined without a document: the release that was applied last stays. */
  readonly release: Release | undefined;
  /** Every variable of the env file, by name; values are never here. */
  readonly variables: Readonly<Record<string, VariableFingerprint>>;
}

/** Where a service is published on the server. */
export interface HostPort {
  readonly address: string;
  readonly port: number;
}

/** What the stack says of one service, with defaults; every service of the application has one. */
export interface ServiceSettings {
  /** Part of the release (in colours), not shared. */
  readonly release: boolean;
  /** Container port behind the host port; undefined where the compose file publishes exactly one. */
  readonly port: number | undefined;
  /** Path that answers 2xx when the service is ready. */
  readonly health: string | undefined;
  /** Variable that holds the host port. */
  readonly hostPort: string | undefined;
  /** Volume of the compose file that holds the service's data. */
  readonly data: { readonly volume: string } | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  /** Seconds that it may take to become ready. */
  readonly boot: number;
  /** Mount targets that are left out. */
  readonly drop: readonly string[];
}

/** Who pulls from a registry; the password is known to the run alone. */
export interface RegistryUser {
  readonly user: string;
  /** The variable of the run's environment that holds the password. */
  readonly passwordVariable: string;
}

/** The stack's own Traefik. */
interface ProxySettings {
  readonly image: string | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
}

/** Tells whether a value changed, without telling the value: a keyed hash, cut to what fits a preview. */
export type VariableFingerprint = string;

/** A service of the compose file that prepares the database for a release and ends. */
export interface Migration {
  readonly service: Service;
  readonly settings: ServiceSettings;
  /** Seconds that it may take. */
  readonly deadline: number;
}

/** A server, as the configuration names it. */
export interface DeploymentHost {
  readonly connection: Connection;
  /** Its path in the configuration: `host`, or `hosts.` and its name. */
  readonly path: string;
}
