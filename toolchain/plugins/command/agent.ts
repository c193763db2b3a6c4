import { once } from "node:events";
import { connect } from "node:net";
import type { Connection } from "./connection.ts";
import { systemError } from "./system-error.ts";

/** The socket of the ssh-agent: the connection's, or else the one of the user's environment. */
export function agentSocket(connection: Connection): string | undefined {
  const { SSH_AUTH_SOCK: fromEnvironment } = process.env;
  return connection.agentSocketPath ?? (fromEnvironment === "" ? undefined : fromEnvironment);
}

/** Fails if no agent listens on the socket; a missing agent is not worth a retry. */
export async function ensureAgentListens(path: string): Promise<void> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
  } catch (error) {
    throw new Error(`dial unix ${path}: connect: ${systemError(error)}`);
  } finally {
    socket.destroy();
  }
}
