import type { SecretMount } from "../compose/application.ts";
import type { StackService } from "./service.ts";

/** A file with one secret on a server, without what is in it. */
export interface SecretFile {
  /** Whose value it holds. */
  readonly variable: string;
  /** The user who alone may read it, as a number. */
  readonly owner: string;
}

/** The folder of secret files in the directory of each part of a stack; nobody but root may enter it. */
export const secretFolder = "secrets";

/** What a secret file's owner may do with it. */
export const secretMode = "0400";

/** Where a secret lies below the directory of its part: services that run as different users have a file each. */
export function secretPath({ name, uid }: SecretMount): string {
  return `${secretFolder}/${name}.${uid}`;
}

/** The name under which a session brings the value of a variable that becomes a file. */
export function stagedAs(variable: string): string {
  return `variable.${variable}`;
}

/** By path below their directory: the secret files of these services. */
export function secretFiles(services: readonly Pick<StackService, "secrets">[]): Record<string, SecretFile> {
  const files = services
    .flatMap(({ secrets }) => secrets)
    .map((mount) => [secretPath(mount), { variable: mount.variable, owner: mount.uid }] as const);
  return Object.fromEntries(files);
}

/** Every variable whose value becomes a file somewhere in the stack. */
export function secretVariables(services: readonly Pick<StackService, "secrets">[]): string[] {
  return [...new Set(services.flatMap(({ secrets }) => secrets).map(({ variable }) => variable))].sort();
}
