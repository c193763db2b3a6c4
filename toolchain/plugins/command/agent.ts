import { once } from "node:events";
import { connect } from "node:net";
import type { Connection } from "./connection.ts";
import { systemError } from "./system-error.ts";

/** Where the agent listens that holds the keys: what the connection says, else what the user's environment says. */
export function agentSocket(connection: Connection): string | undefined {
  const { SSH_AUTH_SOCK: fromEnvironment } = process.env;
  return connection.agentSocketPath ?? (fromEnvironment === "" ? undefined : fromEnvironment);
}

/** Fails if nobody listens there: an agent that is gone is not worth another attempt. */
export async function reachAgent(path: string): Promise<void> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
  } catch (error) {
    throw new Error(`dial unix ${path}: connect: ${systemError(error)}`);
  } finally {
    socket.destroy();
  }
}
