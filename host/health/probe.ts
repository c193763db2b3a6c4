import { request } from "node:http";
import { connect } from "node:net";
import { messageOf } from "../failure.ts";

/** A question to a container itself, because Docker's health check is slow, and its first answer proves little. */
export interface Probe {
  readonly address: string;
  readonly port: number;
  /** The path that must answer 2xx; undefined where an open port is enough. */
  readonly path: string | undefined;
  /** Seconds for one answer. @default 3 */
  readonly seconds?: number;
}

/** An answer: whether it is good, and what it was in a few words. */
export interface ProbeAnswer {
  readonly good: boolean;
  readonly words: string;
}

/** Asks once. It never fails: no answer is an answer that is not good. */
export async function probe({ address, port, path, seconds = 3 }: Probe): Promise<ProbeAnswer> {
  const deadline = AbortSignal.timeout(seconds * 1000);
  try {
    if (path === undefined) {
      await opens(address, port, deadline);
      return { good: true, words: "open" };
    }
    const status = await statusOf({ address, port, path }, deadline);
    return { good: status >= 200 && status < 300, words: String(status) };
  } catch (error) {
    return { good: false, words: deadline.aborted ? `nothing within ${seconds} s` : messageOf(error) };
  }
}

function opens(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (): void => void socket.destroy(new Error("no answer"));
    signal.addEventListener("abort", end, { once: true });
    socket.once("error", reject);
    socket.once("connect", () => {
      resolve();
      socket.destroy();
    });
  });
}

/** The status alone is read. A service may know its callers by name, so it is called `localhost`. */
function statusOf(asked: { address: string; port: number; path: string }, signal: AbortSignal): Promise<number> {
  const { address: host, port, path } = asked;
  const headers = { host: "localhost", "user-agent": "slipway", accept: "*/*", connection: "close" };
  return new Promise((resolve, reject) => {
    const call = request({ host, port, path, headers, signal, agent: false }, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    call.once("error", reject);
    call.end();
  });
}
