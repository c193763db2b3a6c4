import type { Connection } from "../model/connection.ts";

/** The options of every ssh client that slipway starts: the pinned key only, never a question, and nothing from the user's own configuration. */
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

/** The words that run one command on a host. */
export function sshCommand(connection: Connection, command: string): string[] {
  const { host, port, user } = connection;
  return ["ssh", ...sshOptions(connection), "-T", "-p", String(port), "-l", user, host, command];
}
