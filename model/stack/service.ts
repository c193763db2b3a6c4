import type { ApplicationVolume, Mount, SecretMount, Service } from "../compose/application.ts";
import type { Job } from "../job.ts";
import type { PortRange } from "../port-range.ts";
import type { ServerPort } from "../server-port.ts";
import type { ServiceSettings } from "./deployment.ts";
import type { ServiceEnvFile } from "./env/env-files.ts";
import type { ServiceImage } from "./images.ts";
import type { Joins } from "./network/joins.ts";
import type { Attachment } from "./network/attachments.ts";
import type { Start } from "./start/order.ts";
import type { PostgresCluster } from "./data/postgres.ts";

/** The facts of a service that do not depend on other services. */
export interface ServiceBase extends ServiceImage {
  readonly name: string;
  /** Release services come in colours; a migration runs once for a release; all others are shared, and stay. */
  readonly part: "shared" | "release" | "migration";
  /** The service of the compose file. */
  readonly compose: Service;
  readonly settings: ServiceSettings;
  /** The port at which it answers requests in its container, if known: the stack's, else the only one of TCP. */
  readonly port: number | undefined;
  /** All mounts but those that the stack drops. */
  readonly mounts: readonly Mount[];
  readonly secrets: readonly SecretMount[];
  /** The Postgres cluster of the service; undefined if it runs no Postgres. */
  readonly postgres: PostgresCluster | undefined;
  /** In the order in which Compose reads them. */
  readonly envFiles: readonly ServiceEnvFile[];
  /** Names of the variables that it uses, including those of secret files, sorted. Some may not be set. */
  readonly variables: readonly string[];
  /** By name: a sum of the value of each variable that an env file of the repository sets. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** A service of a stack with all its facts. */
export interface StackService extends ServiceBase {
  /** The time at which it starts: shared services that wait for the release come after it. */
  readonly starts: Start;
  /** It starts when its release has the traffic, after that of the previous release has stopped. */
  readonly afterSwitch: boolean;
  /** It is ready when it has ended without an error; undefined for a service that stays. */
  readonly job: Job | undefined;
  /** The restart policy with which it runs. */
  readonly restart: string;
  /** The name of its container, with the placeholder `<colour>` for a release service; several have numbers besides. */
  readonly container: string;
  /** The ports of the server that lead to the service, directly or through the proxy. */
  readonly published: readonly PublishedPort[];
  /** What it mounts through `volumes_from`. */
  readonly borrowed: readonly Mount[];
  /** The named volumes and data folders that it mounts, including those with another service's data. */
  readonly volumes: readonly DataVolume[];
  /** The networks that it joins when its container is made, as its compose file has them. */
  readonly attachments: readonly Attachment[];
  /** The networks that it joins besides. */
  readonly joins: Joins;
}

/** A port of the server with the service behind it, or several in a row. */
export interface PublishedPort extends ServerPort {
  readonly service: string;
  /** The service's own ports behind it. */
  readonly container: PortRange;
  /** The container that publishes it: the service's own, or the proxy's for a release service. */
  readonly by: "service" | "proxy";
  /** The ports in that container. */
  readonly target: PortRange;
}

/** A named volume of the application, or a data folder, on the server. */
export interface DataVolume {
  /** Its name in the compose file, or the path of the folder there. */
  readonly name: string;
  /** Its name on the server; that of a folder is its absolute path. */
  readonly volume: string;
  /** It is there before the stack, which never makes it. @default false */
  readonly external?: boolean;
  /** How the engine makes it. @default the engine's defaults, without labels */
  readonly making?: Pick<ApplicationVolume, "driver" | "options" | "labels">;
  /** The service that owns the data. */
  readonly service: string;
  readonly data: "postgres" | "files";
  /** The folder of the Postgres cluster in the volume, such as `.` or `18/docker`. */
  readonly cluster: string | undefined;
  /** The major version of Postgres, if an image's tag tells it. */
  readonly major: string | undefined;
}
