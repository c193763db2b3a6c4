import { once } from "node:events";
import { connect } from "node:net";
import { messageOf } from "../../model/problem.ts";
import type { ProbeAnswer } from "./probe.ts";

/** A port to which the proxy passes on connections. */
interface Connection {
  readonly address: string;
  readonly port: number;
  /** Seconds after which a connection that stays open is good. @default 0.5 */
  readonly seconds?: number;
}

/**
 * Connects once. The proxy accepts every connection, and closes it at once where the service behind it does not answer,
 * so a good one stays open or brings something.
 */
export async function probeConnection({ address, port, seconds = 0.5 }: Connection): Promise<ProbeAnswer> {
  const socket = connect({ host: address, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(3000) });
    const settled = AbortSignal.timeout(seconds * 1000);
    const [data] = await Promise.race([
      once(socket, "data", { signal: settled }),
      once(socket, "end", { signal: settled }).then(() => ["closed" as const]),
    ]);
    return data === "closed" ? { good: false, words: "a connection that is closed at once" } : open;
  } catch (error) {
    const isQuiet = error instanceof Error && error.name === "AbortError" && !socket.connecting && !socket.destroyed;
    return isQuiet ? open : { good: false, words: messageOf(error) };
  } finally {
    socket.destroy();
  }
}

const open: ProbeAnswer = { good: true, words: "open" };
