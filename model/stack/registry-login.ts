import { Buffer } from "node:buffer";

/** One registry that a run may pull from, and as whom. It travels by the session, and the server keeps none of it. */
export interface RegistryLogin {
  readonly server: string;
  readonly user: string;
  readonly password: string;
}

/** Docker's own registry goes by another name in its settings. */
const settingsName: Readonly<Record<string, string>> = { "docker.io": "https://index.docker.io/v1/" };

/** What Docker reads as its `config.json`. */
export function dockerSettings(logins: readonly RegistryLogin[]): string {
  const auths = logins.map(({ server, user, password }) => {
    const auth = Buffer.from(`${user}:${password}`).toString("base64");
    return [settingsName[server] ?? server, { auth }];
  });
  return JSON.stringify({ auths: Object.fromEntries(auths) as unknown });
}
