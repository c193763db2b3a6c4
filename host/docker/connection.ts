import { request, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { Buffer } from "node:buffer";
import { messageOf } from "../../model/problem.ts";
import { engineSocket } from "../../model/server-places.ts";
import { systemCode } from "../failure.ts";

/** The newest version of the API whose answers slipway was written for; Engine 29 speaks none that is older. */
const newest = [1, 44] as const;

const usualSeconds = 20;

/** A question to the engine. */
interface EngineRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path and query below the API's version. Every part that came from outside is encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds until an answer must have begun, and again until it must have ended if it is read whole. @default 20 */
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

/** The API version negotiated with the engine. */
interface Agreed {
  /** Such as `/v1.44`, before every path; undefined until the engine was asked. */
  version: Promise<string> | undefined;
}

/** The way to the Docker engine: its HTTP API, by its socket. */
export class EngineConnection {
  readonly #socket: string;
  /** Seconds for which a question is asked again while the engine restarts (F25). */
  readonly #retrySeconds: number;
  readonly #agreed: Agreed;

  constructor(socket: string = engineSocket, retrySeconds = 20, agreed: Agreed = { version: undefined }) {
    this.#socket = socket;
    this.#retrySeconds = retrySeconds;
    this.#agreed = agreed;
  }

  /** The same connection for questions that wait for a busy engine, but not for one that restarts. */
  get impatient(): EngineConnection {
    return new EngineConnection(this.#socket, 2, this.#agreed);
  }

  /** Asks, and reads the whole answer as JSON; undefined where the answer is empty. */
  async json(asked: EngineRequest): Promise<unknown> {
    const text = (await this.bytes(asked)).toString("utf8");
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Asks, and reads the whole answer. */
  async bytes(asked: EngineRequest): Promise<Buffer> {
    return await this.#patiently(asked, async () => await collect(await this.stream(asked), asked.seconds));
  }

  /** Asks, and gives the answer as it comes; the engine is asked once. */
  async stream(asked: EngineRequest): Promise<IncomingMessage> {
    const answer = await this.#send({ ...asked, path: (await this.#version()) + asked.path });
    return await orRefusal(answer, asked.seconds);
  }

  /** Asks, and returns when the answer has ended, however long that takes. */
  async end(asked: EngineRequest): Promise<void> {
    await collect(await this.stream(asked), Infinity);
  }

  /** Asked for once. The engine may be asked for it again even where the question itself may not. */
  async #version(): Promise<string> {
    const ping: EngineRequest = { method: "GET", path: "/_ping" };
    this.#agreed.version ??= this.#patiently(ping, async () => {
      const answer = await this.#send(ping);
      await collect(answer);
      return versionFor(answer.headers["api-version"]);
    });
    try {
      return await this.#agreed.version;
    } catch (error) {
      this.#agreed.version = undefined;
      throw error;
    }
  }

  /** Asks for a connection that carries bytes both ways, instead of an answer of HTTP. */
  async duplex(asked: EngineRequest): Promise<Duplex> {
    const path = (await this.#version()) + asked.path;
    const content = Buffer.from(JSON.stringify(asked.body ?? {}));
    const headers = { connection: "Upgrade", upgrade: "tcp", "content-type": "application/json" };
    const options = { socketPath: this.#socket, method: asked.method, path, headers };
    return await new Promise((resolve, reject) => {
      const call = request(options);
      call.once("error", (error) => reject(new EngineSilence(silence(error))));
      call.once("upgrade", (_answer, socket: Duplex, first: Buffer) => {
        if (first.length > 0) socket.unshift(first);
        resolve(socket);
      });
      // Without an upgrade it is a refusal.
      call.once("response", (answer) => void orRefusal(answer).then(() => reject(noDuplex()), reject));
      call.end(content);
    });
  }

  /** Only a question that changes nothing is asked twice. */
  async #patiently<Result>({ method }: EngineRequest, ask: () => Promise<Result>): Promise<Result> {
    const until = performance.now() + this.#retrySeconds * 1000;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof EngineSilence) || method !== "GET" || performance.now() > until) throw error;
        await pause(250);
      }
    }
  }

  #send({ method, path, body, headers = {}, seconds = usualSeconds, signal }: EngineRequest): Promise<IncomingMessage> {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const type = content === undefined ? {} : { "content-type": "application/json", "content-length": content.length };
    // Without a name for TLS, Node looks for one, which takes it half a millisecond for each request.
    const socket = { socketPath: this.#socket, servername: "" };
    const options = { ...socket, method, path, headers: { ...type, ...headers }, signal };
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

function noDuplex(): Error {
  return new EngineSilence("the Docker engine opens no connection");
}

function silence(error: Error): string {
  const code = systemCode(error);
  if (code === "ENOENT" || code === "ECONNREFUSED") return "the Docker engine does not answer at its socket";
  return `the Docker engine does not answer: ${messageOf(error)}`;
}

async function orRefusal(answer: IncomingMessage, seconds?: number): Promise<IncomingMessage> {
  const status = answer.statusCode ?? 0;
  if (status < 400) return answer;
  throw new EngineError(status, messageIn(await collect(answer, seconds)));
}

/** The older one of slipway's newest version and the engine's. One that tells none is asked as Engine 20.10 is. */
function versionFor(told: string | string[] | undefined): string {
  const [, major = "1", minor = "41"] = /^([0-9]+)\.([0-9]+)$/.exec(String(told)) ?? [];
  const isNewer = Number(major) > newest[0] || Number(minor) > newest[1];
  return isNewer ? `/v${newest.join(".")}` : `/v${major}.${minor}`;
}

async function collect(answer: IncomingMessage, seconds = usualSeconds): Promise<Buffer> {
  const end = (): void => void answer.destroy(new Error(`it did not end within ${seconds} s`));
  const late = seconds === Infinity ? undefined : setTimeout(end, seconds * 1000);
  const pieces: AsyncIterable<Buffer> = answer; // without an encoding
  const parts: Buffer[] = [];
  try {
    for await (const part of pieces) parts.push(part);
  } catch (error) {
    throw new EngineSilence(`the Docker engine broke off its answer: ${messageOf(error)}`);
  } finally {
    clearTimeout(late);
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
