/** How a host is reached over SSH. Equal to the byte whoever runs: any difference would re-run every command of the stack. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  /** Failed first connections before giving up. */
  readonly dialErrorLimit: number;
  /** Seconds that one attempt to connect may take. */
  readonly perDialTimeout: number;
}

/** The connection of a configured host, with the fixed limits that are the same for everybody. */
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
 * The options of every ssh client that slipway starts: the pinned key only, never a question, and nothing from the
 * user's own configuration.
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

/** The Docker engine of a server, as the docker provider reaches it: by an ssh client that it starts itself. */
export function dockerEngine(connection: Connection): { readonly host: string; readonly sshOpts: string[] } {
  const { host, port, user } = connection;
  return { host: `ssh://${user}@${host}:${port}`, sshOpts: sshOptions(connection) };
}
