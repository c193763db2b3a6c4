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
