import { request, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { messageOf } from "../../model/problem.ts";

/** A question to a container itself, because Docker's health check is slow, and its first answer proves little. */
interface Probe {
  readonly address: string;
  readonly port: number;
  /** The path that must answer 2xx; undefined where an open port is enough. */
  readonly path: string | undefined;
  /** Headers beside or in place of the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Decides by status and headers. @default `is2xx` */
  readonly isGood?: (answer: HttpAnswer) => boolean;
  /** Seconds for one answer. @default 3 */
  readonly seconds?: number;
}

/** An answer over HTTP, without its body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** An answer: whether it is good, and what it was in a few words. */
export interface ProbeAnswer {
  readonly good: boolean;
  readonly words: string;
}

/** Asks once. It never fails: no answer is an answer that is not good. */
export async function probe({ seconds = 3, isGood = is2xx, path, ...asked }: Probe): Promise<ProbeAnswer> {
  const deadline = AbortSignal.timeout(seconds * 1000);
  try {
    if (path === undefined) {
      await opens(asked.address, asked.port, deadline);
      return { good: true, words: "open" };
    }
    const answer = await answerOf({ ...asked, path }, deadline);
    return { good: isGood(answer), words: String(answer.status) };
  } catch (error) {
    return { good: false, words: deadline.aborted ? `nothing within ${seconds} s` : messageOf(error) };
  }
}

/** The status is a success; a redirection is none (SEC-B3). */
export function is2xx({ status }: Pick<HttpAnswer, "status">): boolean {
  return status >= 200 && status < 300;
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

/** The body is not read. A service may know its callers by name, so it is called `localhost`. */
function answerOf(asked: Pick<Probe, "address" | "port" | "headers"> & { path: string }, signal: AbortSignal) {
  const { address: host, port, path } = asked;
  const usual = { host: "localhost", "user-agent": "slipway", accept: "*/*", connection: "close" };
  const own = Object.entries(asked.headers ?? {}).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const headers: Record<string, string> = { ...usual, ...Object.fromEntries(own) };
  return new Promise<HttpAnswer>((resolve, reject) => {
    const call = request({ host, port, path, headers, signal, agent: false }, (answer) => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers });
      answer.destroy();
    });
    call.once("error", reject);
    // A service that changes the protocol brings neither an answer nor an error.
    call.once("close", () => reject(new Error("no answer of HTTP")));
    call.end();
  });
}
