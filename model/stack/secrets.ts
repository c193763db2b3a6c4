import type { SecretMount } from "../compose/application.ts";
import type { StackService } from "./service.ts";

/** A file with one secret on a server, without its content. */
export interface SecretFile {
  /** The variable whose value it holds. */
  readonly variable: string;
  /** The id of the only user who may read it. */
  readonly owner: string;
  readonly mode: SecretMode;
}

/** The mode of a secret file: its owner alone may read it, or everybody in the container, as under Compose. */
type SecretMode = "0400" | "0444";

/** The folder of secret files in the directory of each part of a stack; only root may enter it. */
export const secretFolder = "secrets";

/** The path of a secret below the directory of its part. Services that run as different users have a file each. */
export function secretPath({ name, uid, open = false }: SecretMount): string {
  return `${secretFolder}/${name}.${open ? "all" : uid}`;
}

/** The name under which a session brings the value of a secret file. */
export function stagedAs(variable: string): string {
  return `variable.${variable}`;
}

/** The secret files of services, by path below the directory of their part. */
export function secretFiles(services: readonly Pick<StackService, "secrets">[]): Record<string, SecretFile> {
  const files = services
    .flatMap(({ secrets }) => secrets)
    .map((mount) => [secretPath(mount), secretFile(mount)] as const);
  return Object.fromEntries(files);
}

function secretFile({ variable, uid, open = false }: SecretMount): SecretFile {
  return open ? { variable, owner: "0", mode: "0444" } : { variable, owner: uid, mode: "0400" };
}

/** Every variable of a stack whose value becomes a secret file. */
export function secretVariables(services: readonly Pick<StackService, "secrets">[]): string[] {
  return [...new Set(services.flatMap(({ secrets }) => secrets).map(({ variable }) => variable))].sort();
}
