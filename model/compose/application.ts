import type { JsonMap } from "../json.ts";
import type { Network } from "./network/network.ts";
import type { ServiceNetworks } from "./network/read-attachments.ts";
import type { PortRange, Protocol } from "../port-range.ts";

/** The developers' Compose application, read and checked. Everything else about its deployment comes from the stack. */
export interface Application {
  readonly services: Readonly<Record<string, Service>>;
  /** The top-level volumes that services use, by name. */
  readonly volumes: Readonly<Record<string, ApplicationVolume>>;
  /** The networks that services join, by their names in the file. */
  readonly networks: Readonly<Record<string, Network>>;
  /** Everything that is left out or differs from what Compose itself would do; a preview prints it. */
  readonly notes: readonly string[];
}

/** A top-level volume of the compose file. All that it leaves out is the engine's default. */
export interface ApplicationVolume {
  /** Its own name on a server; otherwise it is named after the project. */
  readonly name?: string;
  /** It is there before the stack, which never makes it. @default false */
  readonly external?: boolean;
  readonly driver?: string;
  /** The options of the driver, such as the share of a network's volume. */
  readonly options?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

/** One service of the developers' Compose file. */
export interface Service extends ServiceNetworks {
  readonly name: string;
  /**
   * With variables and defaults filled in; that of a release service as written if some are not known. Undefined if the
   * service only has a build.
   */
  readonly image: string | undefined;
  /**
   * The compose file builds its image, so it comes with a release.
   *
   * @default false
   */
  readonly built?: true;
  readonly ports: readonly ServicePort[];
  /** The TCP ports of its `expose`, which other services call without the server's help. */
  readonly exposed: readonly PortRange[];
  readonly mounts: readonly Mount[];
  /** In the order in which Compose reads them: of a name that several have, the last one counts. */
  readonly envFiles: readonly EnvFile[];
  /**
   * Its variable PGDATA, from its environment or an env file; the value is undefined where only the server knows it, as
   * it does a secret.
   *
   * @default none
   */
  readonly pgdata?: { readonly value: string | undefined };
  /**
   * Variables, also slipway's own, that its fields and the repository's env files mention as `${NAME}`, or that its
   * environment lists without a value.
   */
  readonly variables: readonly string[];
  /** The services of its `depends_on`. */
  readonly dependsOn: Readonly<Record<string, Dependency>>;
  /**
   * Other names by which it calls services, as `links: [db:database]` says, and these services.
   *
   * @default none
   */
  readonly links?: Readonly<Record<string, string>>;
  /** The services whose volumes it mounts as well. @default none */
  readonly volumesFrom?: readonly BorrowedVolumes[];
  /** The files of its `security_opt`. @default none */
  readonly seccompProfiles?: readonly SeccompProfile[];
  /**
   * The labels of a release service for a team's own Traefik, with variables filled in. Slipway's proxy has them
   * instead.
   *
   * @default none
   */
  readonly teamLabels?: Readonly<Record<string, string>>;
  /**
   * All other fields of the service in Compose's form; environment and labels are maps. `${…}` and `$$` stay, since
   * Compose on the server fills them in. Some fields have a place of their own above: name, image, ports, volumes,
   * secrets and configs (as mounts), env_file, depends_on, restart, networks, container_name. Others are left out,
   * since the deployment decides them or does not need them: build, profiles, develop, extends, attach and the
   * pull policy. `hostname` and `network_mode` are here as well, as the file writes them.
   */
  readonly fields: JsonMap;
  readonly restart: string | undefined;
}

/** One entry of `volumes_from`. */
export interface BorrowedVolumes {
  readonly service: string;
  readonly readOnly: boolean;
}

/** A profile for seccomp that is a file of the repository. */
export interface SeccompProfile {
  /** The entry of `security_opt` as written. */
  readonly option: string;
  /** The delivered file's path, with a sum of its content in its name. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** An env file of a service. Its path is from the folder of the configuration. */
export type EnvFile = RepositoryEnvFile | StackEnvFile;

/** An env file that git tracks. It reaches the server as it is, and Compose there fills in its variables. */
export interface RepositoryEnvFile {
  readonly from: "repository";
  readonly path: string;
  readonly content: Uint8Array;
  /** By name, with marks in the place of secrets. */
  readonly values: Readonly<Record<string, string>>;
}

/** An env file that git does not have, or that the configuration replaces: slipway writes it. */
export interface StackEnvFile {
  readonly from: "stack";
  readonly path: string;
  /** The place that names it. */
  readonly place: string;
}

/** One entry of `depends_on`. */
export interface Dependency {
  readonly condition: "service_started" | "service_healthy" | "service_completed_successfully";
  readonly required: boolean;
  /** Compose restarts the service when it replaces the other one. @default false */
  readonly restart?: boolean;
}

/** A port that a service publishes, or several in a row, as one entry of its `ports` has them. */
export interface ServicePort {
  /** The ports in the container. */
  readonly target: PortRange;
  readonly protocol: Protocol;
  /** The end on the server, of which the stack takes the address alone. */
  readonly host: HostEnd;
  /** The protocol that is spoken over it, as `app_protocol` says, such as `http`. */
  readonly speaks: string | undefined;
}

/** The server's end of a published port, as the compose file has it. */
export interface HostEnd {
  /** Undefined where the file leaves it open. */
  readonly address: string | undefined;
  /** Undefined where the file leaves it to Docker, or where a variable that is not known here holds it. */
  readonly ports: PortRange | undefined;
  /** The variable that alone is the host port, as in `${API_HOST_PORT:-8080}:8080`. Slipway sets it. */
  readonly variable: string | undefined;
  /** The same variable alone is the container's port as well, as in `${API_PORT:-80}:${API_PORT:-80}`. */
  readonly sameVariable: boolean;
}

/** Anything that a service mounts. */
export type Mount = VolumeMount | FileMount | FolderMount | SecretMount | HostMount | TemporaryMount;

/** The options of a mount, as the long form of the compose file has them below `bind`, `volume` or `tmpfs`. */
interface MountOptions {
  readonly options?: JsonMap;
}

/** A volume of the application; `source` is undefined for an anonymous one. */
export interface VolumeMount extends MountOptions {
  readonly type: "volume";
  /** What the short form allows for volumes as well: the label for SELinux, and the propagation. @default none */
  readonly bind?: JsonMap;
  readonly source: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A file or folder of the repository that is delivered to the server. */
export interface FileMount extends MountOptions {
  readonly type: "file";
  /** Relative to the compose file, without `./`. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** The tracked files: `source` itself, or all files below it. */
  readonly files: readonly DeliveredFile[];
}

/** A data folder: a folder of the server that keeps what services write, and that is guarded like a volume. */
export interface FolderMount extends MountOptions {
  readonly type: "folder";
  /** As the compose file names it, without `./`: `data/db`, `/srv/db`. */
  readonly source: string;
  /** Its path on the server; undefined where the stack gives it no place, which is reported. */
  readonly path: string | undefined;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A secret with an `environment`: a variable's value, delivered as a file that only one user may read (E9). */
export interface SecretMount {
  readonly type: "secret";
  /** The name among the top-level secrets of the compose file. */
  readonly name: string;
  /** The variable of the env file whose value the file holds. */
  readonly variable: string;
  /** The owner, who alone may read the file. */
  readonly uid: string;
  /** Everybody in the container may read it, as under Compose. @default false */
  readonly open?: boolean;
  readonly target: string;
}

/** A path of the server, such as /etc/localtime. */
interface HostMount extends MountOptions {
  readonly type: "host";
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

interface TemporaryMount extends MountOptions {
  readonly type: "tmpfs";
  readonly target: string;
}

/** A file that git tracks and a service mounts. */
export interface DeliveredFile {
  /** Relative to the compose file. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable: boolean;
}
