import { request, type IncomingMessage } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Buffer } from "node:buffer";
import { messageOf, systemCode } from "../failure.ts";

/** The socket of the Docker engine. */
const engineSocket = "/var/run/docker.sock";

/** Version of the API, which engines from 20.10 on speak. */
const api = "/v1.41";

/** A question to the engine. */
export interface EngineRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path and query below the API's version. Every part that came from outside is encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds until an answer must have begun. @default 20 */
  readonly seconds?: number;
  readonly signal?: AbortSignal;
}

/** An answer of the engine that is not the one that was asked for. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  /** The status of HTTP. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The engine does not answer: it is not there, restarts, or hangs. */
export class EngineSilence extends Error {
  override readonly name = "EngineSilence";
}

/** The way to the Docker engine: its HTTP API, by its socket. */
export class EngineConnection {
  readonly #socket: string;
  /** Seconds for which a question is asked again while the engine restarts (F25). */
  readonly #patience: number;

  constructor(socket: string = engineSocket, patience = 20) {
    this.#socket = socket;
    this.#patience = patience;
  }

  /** Asks, and reads the whole answer as JSON; undefined where the answer is empty. */
  async json(asked: EngineRequest): Promise<unknown> {
    const text = (await this.bytes(asked)).toString("utf8");
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Asks, and reads the whole answer. */
  async bytes(asked: EngineRequest): Promise<Buffer> {
    return await this.#patiently(asked, async () => await collect(await this.stream(asked)));
  }

  /** Asks, and gives the answer as it comes; the engine is asked once. */
  async stream(asked: EngineRequest): Promise<IncomingMessage> {
    const answer = await this.#send(asked);
    const status = answer.statusCode ?? 0;
    if (status < 400) return answer;
    throw new EngineError(status, messageIn(await collect(answer)));
  }

  /** Only a question that changes nothing is asked twice. */
  async #patiently<Result>({ method }: EngineRequest, ask: () => Promise<Result>): Promise<Result> {
    const until = performance.now() + this.#patience * 1000;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof EngineSilence) || method !== "GET" || performance.now() > until) throw error;
        await pause(250);
      }
    }
  }

  #send({ method, path, body, headers = {}, seconds = 20, signal }: EngineRequest): Promise<IncomingMessage> {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const type = content === undefined ? {} : { "content-type": "application/json", "content-length": content.length };
    const options = { socketPath: this.#socket, method, path: api + path, headers: { ...type, ...headers }, signal };
    return new Promise((resolve, reject) => {
      const call = request(options, resolve);
      call.setTimeout(seconds * 1000, () => call.destroy(new Error(`no answer within ${seconds} s`)));
      call.once("error", (error) => {
        reject(signal?.aborted === true ? error : new EngineSilence(silence(error)));
      });
      call.once("response", () => call.setTimeout(0));
      call.end(content);
    });
  }
}

function silence(error: Error): string {
  const code = systemCode(error);
  if (code === "ENOENT" || code === "ECONNREFUSED") return "the Docker engine does not answer at its socket";
  return `the Docker engine does not answer: ${messageOf(error)}`;
}

async function collect(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  try {
    for await (const part of answer) parts.push(part as Buffer);
  } catch (error) {
    throw new EngineSilence(`the Docker engine broke off its answer: ${messageOf(error)}`);
  }
  return Buffer.concat(parts);
}

/** The engine's own words, in one line. */
function messageIn(body: Buffer): string {
  const text = body.toString("utf8").trim();
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === "object" && answer !== null && "message" in answer) return oneLine(String(answer.message));
  } catch {
    // It is no JSON; the text itself is the message.
  }
  return oneLine(text);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").slice(0, 500);
}
