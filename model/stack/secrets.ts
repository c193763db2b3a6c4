import type { SecretMount } from "../compose/application.ts";
import type { Deployment } from "./deployment.ts";
import type { DocumentMap } from "../document/document.ts";
import { withMigration } from "./migration.ts";
import { mountsOf } from "./mounts.ts";
import { secretMode, secretPath, stagedAs, type SecretFile } from "./secret-file.ts";

/** The secrets that a service mounts, without what the stack drops. */
export function secretsOf(deployment: Deployment, service: string): SecretMount[] {
  return mountsOf(deployment, service).filter((mount) => mount.type === "secret");
}

/** By path below their directory: the secret files of these services. */
export function secretFiles(deployment: Deployment, services: readonly string[]): Record<string, SecretFile> {
  const files = services
    .flatMap((service) => secretsOf(deployment, service))
    .map((mount) => [secretPath(mount), { variable: mount.variable, owner: mount.uid }] as const);
  return Object.fromEntries(files);
}

/** Every variable whose value becomes a file somewhere in the stack. */
export function secretVariables(deployment: Deployment): string[] {
  const whole = withMigration(deployment);
  const mounts = Object.keys(whole.application.services).flatMap((service) => secretsOf(whole, service));
  return [...new Set(mounts.map(({ variable }) => variable))].sort();
}

/** Secret files as a document holds them: whose they are and what the session calls their bytes. */
export function secretMap(secrets: Readonly<Record<string, SecretFile>>): Record<string, DocumentMap> {
  return Object.fromEntries(
    Object.entries(secrets).map(([path, { owner, variable }]) => [
      path,
      { mode: secretMode, owner, staged: stagedAs(variable) },
    ]),
  );
}
