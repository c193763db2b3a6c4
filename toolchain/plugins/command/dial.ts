import { once } from "node:events";
import { connect, isIPv6, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Client } from "ssh2";
import { z } from "zod";
import type { Operation } from "../base/resource-type.ts";
import { agentSocket, ensureAgentListens } from "./agent.ts";
import { cancellation } from "./cancellation.ts";
import type { Connection } from "./connection.ts";
import { handshake } from "./handshake.ts";
import { parseHostKey } from "./host-key.ts";
import { systemError } from "./system-error.ts";

// Milliseconds between attempts: each delay is half as long again as the one before, as in the official plugin.
const firstDelay = 100;
const longestDelay = 5000;

/** The details that Node adds to a socket error. */
const errorDetails = z.object({
  hostname: z.string().optional(),
  address: z.string().optional(),
  port: z.number().optional(),
});

// Without keep-alive packets, an idle connection would not notice that the network is down.
const keepAlive = { keepAlive: true, keepAliveInitialDelay: 15_000 };

/** Connects to a server. Every failure, even a rejected key, is retried up to the connection's limit. */
export async function dial(connection: Connection, operation: Operation): Promise<Client> {
  const hostKey = connection.hostKey === undefined ? undefined : parseHostKey(connection.hostKey);
  const agent = agentSocket(connection);
  if (agent !== undefined) await ensureAgentListens(agent);
  const limit = Math.trunc(connection.dialErrorLimit);
  let delay = firstDelay;
  for (let failures = 0; ; failures++) {
    try {
      return await handshake(await connectTcp(connection), connection, hostKey);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (limit >= 0 && failures >= limit) throw new Error(`after ${failures} failed attempts: ${reason}`);
    }
    const allowed = limit === -1 ? "inf" : limit;
    await operation.log({ message: `Dial ${failures + 1}/${allowed} failed: retrying`, ephemeral: true });
    await wait(delay, operation.signal);
    delay = Math.min(delay * 1.5, longestDelay);
  }
}

/** Waits, unless the operation is cancelled. */
async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch {
    throw new Error(cancellation(signal));
  }
}

/** Opens a TCP connection. `perDialTimeout` limits only this step, not the handshake that follows. */
async function connectTcp({ host, port, perDialTimeout }: Connection): Promise<Socket> {
  const address = `${isIPv6(host) ? `[${host}]` : host}:${Math.trunc(port)}`;
  if (port < 0 || port > 65535) throw new Error(`dial tcp: address ${Math.trunc(port)}: invalid port`);
  const socket = connect({ host, port: Math.trunc(port), noDelay: true, ...keepAlive });
  const seconds = Math.trunc(perDialTimeout);
  const signal = seconds > 0 ? AbortSignal.timeout(seconds * 1000) : undefined;
  try {
    await once(socket, "connect", { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw new Error(signal?.aborted === true ? `dial tcp ${address}: i/o timeout` : describe(error, address));
  }
}

/** A socket error in Go's words, as the official plugin shows it. */
function describe(error: unknown, address: string): string {
  // For a name with several addresses, the official plugin reports the error of the first.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { hostname, address: ip, port } = errorDetails.parse(first);
  if (hostname !== undefined) return `dial tcp: lookup ${hostname}: no such host`;
  const tried = ip === undefined ? address : `${isIPv6(ip) ? `[${ip}]` : ip}:${port ?? ""}`;
  return `dial tcp ${tried}: connect: ${systemError(first)}`;
}
