import { Buffer } from "node:buffer";

/** A login for one registry that a run may pull from. The session carries it to the server, which keeps none of it. */
export interface RegistryLogin {
  readonly server: string;
  readonly user: string;
  readonly password: string;
}

/** Names of registries in Docker's settings, where they differ. */
const settingsName: Readonly<Record<string, string>> = { "docker.io": "https://index.docker.io/v1/" };

/** The content of Docker's `config.json`. */
export function dockerSettings(logins: readonly RegistryLogin[]): string {
  const auths = logins.map(({ server, user, password }) => {
    const auth = Buffer.from(`${user}:${password}`).toString("base64");
    return [settingsName[server] ?? server, { auth }];
  });
  return JSON.stringify({ auths: Object.fromEntries(auths) as unknown });
}
