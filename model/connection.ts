import { engineSocket } from "./server-places.ts";

/**
 * The SSH connection to a server. It is an input of every command, so it is equal to the byte on all machines: any
 * difference would run all commands of the stack again.
 */
export interface SshConnection {
  readonly via: "ssh";
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  /** Failed attempts to connect before giving up. */
  readonly dialErrorLimit: number;
  /** Seconds for one attempt to connect. */
  readonly perDialTimeout: number;
}

/** No connection: slipway runs on the server itself, as a shell runner does (E14). */
export interface LocalConnection {
  readonly via: "local";
  /** The address by which people know the server. */
  readonly host: string;
  /** The user as which slipway runs. */
  readonly user: string;
  /** The SSH host key of the server: on another machine, slipway refuses to run. */
  readonly hostKey: string;
}

/** The way from slipway to a server. */
export type Connection = SshConnection | LocalConnection;

/** A server as the configuration has it. */
interface ConfiguredServer {
  readonly connection?: Connection["via"];
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
}

/** The way to a configured server. */
export function connectionOf(server: ConfiguredServer): Connection {
  const { connection: via, address: host, user, hostKey } = server;
  return via === "local" ? { via, host, user, hostKey } : sshConnection(server);
}

/** The SSH connection to a configured server, with fixed limits. */
export function sshConnection({ address, port, user, hostKey }: ConfiguredServer): SshConnection {
  return { via: "ssh", host: address, port, user, hostKey, dialErrorLimit: 3, perDialTimeout: 10 };
}

/** An SSH connection as `@pulumi/command` takes it. */
export function connectionInput(connection: SshConnection): Omit<SshConnection, "via"> {
  const { host, port, user, hostKey, dialErrorLimit, perDialTimeout } = connection;
  return { host, port, user, hostKey, dialErrorLimit, perDialTimeout };
}

/** The connection in words for people, such as `deploy@192.0.2.10:22`. */
export function connectionText(connection: Connection): string {
  const { user, host } = connection;
  return connection.via === "local" ? `${user} on this machine` : `${user}@${host}:${connection.port}`;
}

/**
 * The options of every ssh client that slipway starts: it accepts only the pinned host key, never asks a question, and
 * reads nothing of the user's own configuration.
 */
export function sshOptions({ hostKey }: Pick<SshConnection, "hostKey">): string[] {
  const options = [
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    "UserKnownHostsFile=none",
    "GlobalKnownHostsFile=none",
    `KnownHostsCommand=/bin/echo %H ${hostKey}`,
    "ConnectTimeout=10",
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "LogLevel=ERROR",
  ];
  return ["-F", "none", ...options.flatMap((option) => ["-o", option])];
}

/** The arguments of the docker provider: a server's socket, or the ssh client with which it reaches the engine. */
export function dockerEndpoint(connection: Connection): { readonly host: string; readonly sshOpts?: string[] } {
  if (connection.via === "local") return { host: `unix://${engineSocket}` };
  const { host, port, user } = connection;
  return { host: `ssh://${user}@${host}:${port}`, sshOpts: sshOptions(connection) };
}
