import type { Socket } from "node:net";
import ssh2 from "ssh2";
import type { Client } from "ssh2";
import { agentSocket } from "./agent.ts";
import { authentication } from "./authentication.ts";
import type { Connection } from "./connection.ts";
import type { HostKey } from "./host-key.ts";
import { ServerIdentity } from "./server-identity.ts";
import { systemError } from "./system-error.ts";

/** Starts SSH on a TCP connection. Like the official plugin, it accepts any server if there is no host key. */
export async function handshake(socket: Socket, connection: Connection, hostKey: HostKey | undefined): Promise<Client> {
  const server = new ServerIdentity(hostKey);
  const client = new ssh2.Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      client.once("close", () => reject(new Error("EOF")));
      // After a failure of the agent other methods remain. A later loss of the connection is noticed by its command.
      client.on("error", (error) => {
        if (error.level !== "agent") reject(error);
      });
      const login = authentication(connection, agentSocket(connection), reject);
      // No timeout: like the official plugin, wait for a server that accepts the connection but sends nothing.
      client.connect({ sock: socket, username: connection.user, readyTimeout: 0, ...server.options(), ...login });
    });
    return client;
  } catch (error) {
    socket.destroy();
    throw new Error(`ssh: handshake failed: ${server.failure() ?? describe(error, socket)}`);
  }
}

/** A handshake error in the words of Go's SSH library, as the official plugin shows it. */
function describe(error: unknown, socket: Socket): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message === "Connection lost before handshake") return "EOF";
  if ("code" in error && typeof error.code === "number")
    return `ssh: disconnect, reason ${error.code}: ${error.message}`;
  if (!("errno" in error)) return error.message;
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  const path = `${localAddress ?? ""}:${localPort ?? 0}->${remoteAddress ?? ""}:${remotePort ?? 0}`;
  return `read tcp ${path}: read: ${systemError(error)}`;
}
