import type { SecretMount } from "../compose/application.ts";
import type { StackService } from "./service.ts";

/** A file with one secret on a server, without its content. */
export interface SecretFile {
  /** The variable whose value it holds. */
  readonly variable: string;
  /** The id of the only user who may read it. */
  readonly owner: string;
}

/** The folder of secret files in the directory of each part of a stack; only root may enter it. */
export const secretFolder = "secrets";

/** The mode of a secret file. */
export const secretMode = "0400";

/** The path of a secret below the directory of its part. Services that run as different users have a file each. */
export function secretPath({ name, uid }: SecretMount): string {
  return `${secretFolder}/${name}.${uid}`;
}

/** The name under which a session brings the value of a secret file. */
export function stagedAs(variable: string): string {
  return `variable.${variable}`;
}

/** The secret files of services, by path below the directory of their part. */
export function secretFiles(services: readonly Pick<StackService, "secrets">[]): Record<string, SecretFile> {
  const files = services
    .flatMap(({ secrets }) => secrets)
    .map((mount) => [secretPath(mount), { variable: mount.variable, owner: mount.uid }] as const);
  return Object.fromEntries(files);
}

/** Every variable of a stack whose value becomes a secret file. */
export function secretVariables(services: readonly Pick<StackService, "secrets">[]): string[] {
  return [...new Set(services.flatMap(({ secrets }) => secrets).map(({ variable }) => variable))].sort();
}
