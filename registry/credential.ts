import { Buffer } from "node:buffer";
import type { RegistryLogin } from "../model/stack/registry-login.ts";

/** What proves to a registry who asks: a user with a password, or the token that a login left in Docker's settings. */
export type Credential =
  | { readonly kind: "password"; readonly user: string; readonly password: string; readonly from: string }
  | { readonly kind: "token"; readonly token: string; readonly from: string };

/** Finds the credential for a registry; undefined if there is none. */
export type FindCredential = (registry: string) => Promise<Credential | undefined>;

/** Finds credentials among the logins of a run first, then elsewhere. */
export function credentialsOf(logins: readonly RegistryLogin[], otherwise: FindCredential): FindCredential {
  return async (registry) => {
    const login = logins.find(({ server }) => server === registry || (registry === "docker.io" && isDockerHub(server)));
    if (login === undefined) return await otherwise(registry);
    return { kind: "password", user: login.user, password: login.password, from: "registries" };
  };
}

function isDockerHub(server: string): boolean {
  return /^(?:https:\/\/)?index\.docker\.io(?:\/v1\/?)?$/.test(server);
}

/** The header of a login by user and password. */
export function basicAuthorization({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** A login in the words of a message. Neither password nor token is in it. */
export function describeCredential(credential: Credential): string {
  return credential.kind === "password" ? `the login of '${credential.user}'` : "the login";
}
