import type { Mount, SecretMount, Service } from "../compose/application.ts";
import type { HostPort, ServiceSettings } from "./deployment.ts";
import type { PostgresCluster } from "./postgres.ts";

/** What a service says of itself, without what other services add. */
export interface OwnFacts {
  readonly name: string;
  /** Release services come in colours; the migration runs once for a release; all others are shared, and stay. */
  readonly part: "shared" | "release" | "migration";
  /** As the developers wrote it. */
  readonly compose: Service;
  readonly settings: ServiceSettings;
  /** What it runs: by digest where one is known, else as it is written, else "none". */
  readonly image: string;
  /** All references that are known, since the one that runs may stand without the tag that tells its version. */
  readonly references: readonly string[];
  /** The port on which it listens in its container, where it is known. */
  readonly port: number | undefined;
  readonly protocol: "tcp" | "udp";
  /** Without those that the stack drops. */
  readonly mounts: readonly Mount[];
  readonly secrets: readonly SecretMount[];
  /** Where it keeps its cluster; undefined where it runs no Postgres. */
  readonly postgres: PostgresCluster | undefined;
  /** Names of the variables that it uses, as a secret file too, sorted; some may be set by nobody. */
  readonly variables: readonly string[];
}

/** A service of a stack with everything that is known of it. */
export interface StackService extends OwnFacts {
  /** Where it is published on the server, by itself or by the proxy. */
  readonly published: PublishedPort | undefined;
  /** The named volumes that it mounts, also those whose data is another service's. */
  readonly volumes: readonly DataVolume[];
}

/** A port of the server and what stands behind it. */
export interface PublishedPort extends HostPort {
  readonly service: string;
  readonly protocol: "tcp" | "udp";
  /** Whose container publishes it: the service's own, or the proxy's for a release service. */
  readonly by: "service" | "proxy";
  /** The port inside of that container. */
  readonly target: number;
}

/** A named volume of the application, on the server. */
export interface DataVolume {
  /** As the compose file names it. */
  readonly name: string;
  /** Its name on the server. */
  readonly volume: string;
  /** The service whose data it is. */
  readonly service: string;
  readonly data: "postgres" | "files";
  /** Folder of Postgres' cluster in the volume, such as `.` or `18/docker`. */
  readonly cluster: string | undefined;
  /** Postgres' major version, where an image's tag tells it. */
  readonly major: string | undefined;
}
