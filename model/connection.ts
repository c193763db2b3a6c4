/**
 * The SSH connection to a server. It is an input of every command, so it is equal to the byte on all machines: any
 * difference would run all commands of the stack again.
 */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  /** Failed attempts to connect before giving up. */
  readonly dialErrorLimit: number;
  /** Seconds for one attempt to connect. */
  readonly perDialTimeout: number;
}

/** The connection to a configured host, with fixed limits. */
export function connectionOf(host: { address: string; port: number; user: string; hostKey: string }): Connection {
  return {
    host: host.address,
    port: host.port,
    user: host.user,
    hostKey: host.hostKey,
    dialErrorLimit: 3,
    perDialTimeout: 10,
  };
}

/**
 * The options of every ssh client that slipway starts: it accepts only the pinned host key, never asks a question, and
 * reads nothing of the user's own configuration.
 */
export function sshOptions({ hostKey }: Pick<Connection, "hostKey">): string[] {
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

/** The arguments with which the docker provider reaches the engine of a server through an ssh client of its own. */
export function dockerEndpoint(connection: Connection): { readonly host: string; readonly sshOpts: string[] } {
  const { host, port, user } = connection;
  return { host: `ssh://${user}@${host}:${port}`, sshOpts: sshOptions(connection) };
}
