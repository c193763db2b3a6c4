import { setTimeout } from "node:timers/promises";
import type { Client } from "ssh2";
import type { Operation } from "../base/resource-type.ts";
import { agentSocket, reachAgent } from "./agent.ts";
import { cancellation } from "./cancellation.ts";
import type { Connection } from "./connection.ts";
import { handshake } from "./handshake.ts";
import { parseHostKey } from "./host-key.ts";
import { connect } from "./tcp.ts";

const firstDelay = 100;
const longestDelay = 5000;

/** Connects to a server; whatever fails, also a refused key, is tried again until the connection's limit is reached. */
export async function dial(connection: Connection, operation: Operation): Promise<Client> {
  const hostKey = connection.hostKey === undefined ? undefined : parseHostKey(connection.hostKey);
  const agent = agentSocket(connection);
  if (agent !== undefined) await reachAgent(agent);
  const limit = Math.trunc(connection.dialErrorLimit);
  let delay = firstDelay;
  for (let failures = 0; ; failures++) {
    try {
      return await handshake(await connect(connection), connection, hostKey);
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

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch {
    throw new Error(cancellation(signal));
  }
}
