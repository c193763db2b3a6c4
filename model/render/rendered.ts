import type { SecretFile } from "../stack/secrets.ts";
import type { DataVolume } from "../stack/service.ts";

/** A file as it is delivered to a server. */
export interface RenderedFile {
  /** Four octal digits. */
  readonly mode: string;
  readonly content: Uint8Array;
}

/** What the server must know of a service beside its compose file. */
export interface RenderedService {
  /** By digest. */
  readonly image: string;
  /** By its name on the server: each named volume that it mounts, and what is in it. */
  readonly volumes: Readonly<Record<string, DataVolume["data"]>>;
  /** Seconds that it may take to become ready. */
  readonly deadline: number;
  /** Names of the variables that it uses, as a secret file too, sorted; some may be set by nobody. */
  readonly variables: readonly string[];
  /** By target: the delivered file or folder, relative to the project's directory. */
  readonly mounts: Readonly<Record<string, string>>;
  /** By target: the variable whose value the mounted secret file holds. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A release service, which is probed before it gets requests. */
export interface RenderedReleaseService extends RenderedService {
  /** The port on which it listens; undefined where it serves nobody, as a worker. */
  readonly port: number | undefined;
  /** The path that answers 2xx when it is ready. */
  readonly health: string | undefined;
}

/** One compose project as it will lie on the server. */
export interface RenderedProject<Service extends RenderedService = RenderedService> {
  readonly project: string;
  /** Of the compose file; all relative paths begin here. */
  readonly directory: string;
  /** Text of the compose file. */
  readonly compose: string;
  /** By path: what the project needs beside its compose file. */
  readonly files: Readonly<Record<string, RenderedFile>>;
  /** By path: the files with secrets, which the session fills. */
  readonly secrets: Readonly<Record<string, SecretFile>>;
  readonly services: Readonly<Record<string, Service>>;
}

/** The release in any colour: `<colour>` stands where the colour will. Its services are named as the developers do. */
export interface RenderedColour extends RenderedProject<RenderedReleaseService> {
  /** Text of the proxy's dynamic file, with `<colour>` and `<generation>`. */
  readonly routes: string;
}

/** The release's migration: one service, which ends. */
export interface RenderedMigration extends Omit<RenderedProject, "services"> {
  /** Its name, as the developers call it. */
  readonly service: string;
  /** By digest. */
  readonly image: string;
  /** Seconds that it may take. */
  readonly deadline: number;
}
