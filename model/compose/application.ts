import type { JsonMap } from "../json.ts";

/** The developers' Compose application, read and checked; everything else about deploying it comes from the stack. */
export interface Application {
  readonly services: Readonly<Record<string, Service>>;
  /** Names of the top-level volumes that services use. */
  readonly volumes: readonly string[];
  /** What was rendered away or read otherwise than Compose would, for people. */
  readonly notes: readonly string[];
}

/** One service of the developers' Compose file. */
export interface Service {
  readonly name: string;
  /** As written; of a shared service with variables and defaults filled in. Undefined where it is only built. */
  readonly image: string | undefined;
  readonly ports: readonly ServicePort[];
  readonly mounts: readonly Mount[];
  /** Whether it gets every variable of the env file (`env_file: .env`). */
  readonly wholeEnvironment: boolean;
  /** Variables that its fields mention as `${NAME}`, or that its environment passes on by their name alone; slipway's own too. */
  readonly variables: readonly string[];
  /** Services that must run before it, as `depends_on` has it. */
  readonly dependsOn: Readonly<Record<string, Dependency>>;
  /**
   * Every other field of the service, as Compose takes it, with `${…}` and `$$` of value fields left for the server's own Compose. Environment and labels are maps. Without
   * name, image, build, ports, volumes, secrets and configs (they are mounts), networks, env_file, depends_on, profiles, restart, logging, container_name, develop, extends,
   * attach and the pull policy.
   */
  readonly fields: JsonMap;
  /** As written, or undefined. */
  readonly restart: string | undefined;
}

/** What one `depends_on` entry says. */
export interface Dependency {
  readonly condition: "service_started" | "service_healthy" | "service_completed_successfully";
  readonly required: boolean;
}

/** A port that a service publishes. */
export interface ServicePort {
  /** Inside of the container. */
  readonly target: number;
  readonly protocol: "tcp" | "udp";
  /** The variable whose value is the host's port, as in `${API_HOST_PORT:-8080}:8080`. */
  readonly variable: string | undefined;
}

/** What a service mounts. */
export type Mount = VolumeMount | FileMount | SecretMount | HostMount | TemporaryMount;

/** A volume of the application; `source` is undefined for an anonymous one. */
export interface VolumeMount {
  readonly type: "volume";
  readonly source: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A file of the repository, or a folder of them, that is delivered to the server. */
export interface FileMount {
  readonly type: "file";
  /** Relative to the compose file, without `./`. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** The tracked files: `source` itself, or all files below it. */
  readonly files: readonly DeliveredFile[];
}

/** A secret of the compose file that is a variable: delivered as a file that its user alone reads (E9). */
export interface SecretMount {
  readonly type: "secret";
  /** Below the file's top-level secrets. */
  readonly name: string;
  /** Of the env file, whose value the file holds. */
  readonly variable: string;
  /** Who may read it. */
  readonly uid: string;
  readonly target: string;
}

/** A path of the server itself, such as /etc/localtime. */
interface HostMount {
  readonly type: "host";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

interface TemporaryMount {
  readonly type: "tmpfs";
  readonly target: string;
}

/** A tracked file of the repository that a service mounts. */
export interface DeliveredFile {
  /** Relative to the compose file. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable: boolean;
}
