import { Buffer } from "node:buffer";
import {
  Agent as PlainAgent,
  request as plainRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from "node:http";
import { Agent, request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "../model/problem.ts";
import { RegistryFault } from "./fault.ts";
import { isLoopback, mayFollow } from "./redirect.ts";
import { isPassing, secondsToWait } from "./retry.ts";
import { trustOf } from "./trust.ts";

/** A question to a registry, or to the server that gives out its tokens. */
export interface RegistryRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The fields of a form, which makes it a POST. */
  readonly form?: Readonly<Record<string, string>>;
  /** The bytes that the answer may have. */
  readonly limit: number;
}

/** The whole answer to a question. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

interface ConnectionOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Seconds for one try, from its start to the end of the answer. @default 30 */
  readonly seconds?: number;
  /** Seconds for a whole question, with all its tries, waits and redirects. @default 180 */
  readonly whole?: number;
  /** Waits between two tries. @default the clock of this machine */
  readonly wait?: (seconds: number) => Promise<unknown>;
  /** Folder with certificates for each registry. @default the Docker engine's */
  readonly certificates?: string | undefined;
}

const mostAtOnce = 4;
const mostTries = 5;
const mostRedirects = 5;
/** A registry that asks for a longer wait than this is not asked again. */
const longestWait = 60;

/** Every way to registries: few requests at a time, each with limits, and again where the failure may pass. */
export class RegistryConnection {
  readonly #options: Required<Omit<ConnectionOptions, "certificates">> & Pick<ConnectionOptions, "certificates">;
  readonly #agents = new Map<string, Agent>();
  readonly #plain = new PlainAgent({ keepAlive: true });
  readonly #waiting: (() => void)[] = [];
  #free = mostAtOnce;

  constructor(options: ConnectionOptions) {
    const wait = (seconds: number): Promise<unknown> => pause(seconds * 1000);
    this.#options = { seconds: 30, whole: 180, wait, certificates: undefined, ...options };
  }

  /** Asks, follows redirects, and reads the whole answer. */
  async ask(asked: RegistryRequest): Promise<RegistryAnswer> {
    await this.#takeSlot();
    try {
      return await this.#follow(asked);
    } finally {
      this.#freeSlot();
    }
  }

  /** Closes the connections that are kept open, so that the process can end. */
  close(): void {
    for (const agent of [...this.#agents.values(), this.#plain]) agent.destroy();
  }

  async #follow(asked: RegistryRequest): Promise<RegistryAnswer> {
    let next = asked;
    const end = performance.now() + this.#options.whole * 1000;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const answer = await this.#persist(next, end);
      const { location } = answer.headers;
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
      next = mayFollow(next, location);
    }
    const what = `is not looked up: ${asked.url.host} redirects more than ${mostRedirects} times`;
    throw new RegistryFault(what, "try again later");
  }

  /** Asks until there is an answer, or a failure that does not pass. */
  async #persist(asked: RegistryRequest, end: number): Promise<RegistryAnswer> {
    for (let tried = 1; ; tried += 1) {
      const left = (end - performance.now()) / 1000;
      if (left <= 0) throw tooLate(asked, this.#options.whole);
      const got = await this.#try(asked, Math.min(left, this.#options.seconds));
      const isAnswer = "status" in got;
      if (!isPassing(got) || tried === mostTries) {
        if (isAnswer) return got;
        throw got;
      }
      const seconds = secondsToWait(isAnswer ? got.headers["retry-after"] : undefined, tried);
      if (seconds > longestWait && isAnswer) return got;
      if (performance.now() + seconds * 1000 > end) throw tooLate(asked, this.#options.whole);
      await this.#options.wait(seconds);
    }
  }

  async #try(asked: RegistryRequest, seconds: number): Promise<RegistryAnswer | Error> {
    try {
      return await this.#send(asked, seconds);
    } catch (error) {
      return error instanceof Error ? error : new Error(messageOf(error));
    }
  }

  async #send({ url, headers, form, limit }: RegistryRequest, seconds: number): Promise<RegistryAnswer> {
    const isPlain = url.protocol === "http:";
    const body = form === undefined ? undefined : new URLSearchParams(form).toString();
    const type = body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    const signal = AbortSignal.timeout(Math.ceil(seconds * 1000));
    const call = (isPlain ? plainRequest : request)(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...headers, ...type, "accept-encoding": "identity", "user-agent": "slipway" },
      agent: isPlain ? this.#plain : this.#agentOf(url),
      signal,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      call.once("response", resolve).once("error", reject);
    });
    call.end(body);
    try {
      const answer = await answered;
      const bytes = await readWhole(answer, limit, url);
      return { status: answer.statusCode ?? 0, headers: answer.headers, bytes };
    } catch (error) {
      if (!signal.aborted || error instanceof RegistryFault) throw error;
      throw Object.assign(new Error(`no whole answer within ${seconds} s`), { code: "ETIMEDOUT" });
    }
  }

  /** As the Docker engine does, it believes any certificate on the loopback interface, and uses no proxy there. */
  #agentOf({ host }: URL): Agent {
    const known = this.#agents.get(host);
    if (known !== undefined) return known;
    const { environment, certificates } = this.#options;
    const agent = isLoopback(host)
      ? new Agent({ keepAlive: true, rejectUnauthorized: false })
      : new Agent({ keepAlive: true, secureContext: trustOf(host, certificates), proxyEnv: environment });
    this.#agents.set(host, agent);
    return agent;
  }

  async #takeSlot(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #freeSlot(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

function tooLate({ url }: RegistryRequest, seconds: number): RegistryFault {
  const what = `is not looked up: ${url.host} gives no whole answer within ${seconds} s`;
  return new RegistryFault(what, "try again later, or ask who runs that registry");
}

async function readWhole(answer: IncomingMessage, limit: number, { host }: URL): Promise<Buffer> {
  const pieces: AsyncIterable<Buffer> = answer; // without an encoding
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of pieces) {
    size += part.length;
    if (size > limit) {
      answer.destroy();
      throw new RegistryFault(
        `is not looked up: ${host} answers with more than ${limit} bytes`,
        "ask who runs that registry",
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
