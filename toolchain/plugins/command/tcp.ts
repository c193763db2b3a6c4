import { once } from "node:events";
import { connect as open, isIPv6, type Socket } from "node:net";
import { z } from "zod";
import type { Connection } from "./connection.ts";
import { systemError } from "./system-error.ts";

/** What Node adds to an error of a socket. */
const details = z.object({
  hostname: z.string().optional(),
  address: z.string().optional(),
  port: z.number().optional(),
});

// A dead network ends a connection on which nothing happens.
const keepAlive = { keepAlive: true, keepAliveInitialDelay: 15_000 };

/** Opens a TCP connection; only this, not the handshake that follows, is bounded by `perDialTimeout`. */
export async function connect({ host, port, perDialTimeout }: Connection): Promise<Socket> {
  const address = `${isIPv6(host) ? `[${host}]` : host}:${Math.trunc(port)}`;
  if (port < 0 || port > 65535) throw new Error(`dial tcp: address ${Math.trunc(port)}: invalid port`);
  const socket = open({ host, port: Math.trunc(port), noDelay: true, ...keepAlive });
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

function describe(error: unknown, address: string): string {
  // A name with several addresses: the first is the one that the official plugin names.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { hostname, address: ip, port } = details.parse(first);
  if (hostname !== undefined) return `dial tcp: lookup ${hostname}: no such host`;
  const tried = ip === undefined ? address : `${isIPv6(ip) ? `[${ip}]` : ip}:${port ?? ""}`;
  return `dial tcp ${tried}: connect: ${systemError(first)}`;
}
