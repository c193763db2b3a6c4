import { answerSchema, type Answer, type Request } from "../model/session/protocol.ts";
import type { HostPipe } from "./host-pipe.ts";
import { OtherVersion } from "./server-fault.ts";

type AnswerTo<To extends Answer["to"]> = Answer & { readonly to: To };

/** Milliseconds between two signs of life. The server considers a client dead after thirty silent seconds. */
const aliveInterval = 2_000;

/** Milliseconds for connecting and for one answer. Otherwise a dead server could keep a run waiting for ever. */
export const answerTimeout = 45_000;

/** Milliseconds for a server that runs nothing of ours yet. */
const refusedTimeout = 5_000;

/** What a run waits for after a request, before the name of the server. */
const asked: Readonly<Record<Request["do"], string>> = {
  alive: "waits for",
  secret: "waits for",
  observe: "observes",
  lease: "waits for the lease of",
  allow: "waits for",
  keep: "waits for",
  fetch: "looks for room for images on",
  health: "checks the health on",
  logs: "reads logs of",
  command: "prepares the command on",
  clean: "looks for what nothing needs on",
  "switch-back": "switches back on",
  resume: "waits for",
  end: "ends the session on",
};

/** The requests of a run to the program on one server, each with its answer. */
export class Requests {
  readonly #pipe: HostPipe;
  readonly #waiting: (what: string) => Disposable;
  readonly #started: Promise<void>;
  #alive: NodeJS.Timeout | undefined;
  /** The end of the last request: a server answers one after the other. */
  #turn: Promise<unknown>;

  /** `firstLine` waits until the program runs, and returns what it says then; `waiting` begins another wait. */
  constructor(pipe: HostPipe, firstLine: () => Promise<unknown>, waiting: (what: string) => Disposable) {
    this.#pipe = pipe;
    this.#waiting = waiting;
    this.#started = this.#start(firstLine);
    this.#started.catch(() => undefined); // every request gives the reason
    this.#turn = this.#started;
  }

  /** Waits until the server's program runs. */
  async ready(): Promise<void> {
    await this.#started;
  }

  /** Tells whether the server's program runs. */
  get started(): boolean {
    return this.#alive !== undefined;
  }

  /** Sends a request that has no answer. */
  send(request: Request): void {
    this.#pipe.send(request);
  }

  /** Sends a request when the one before is answered, and waits for its answer. */
  async ask<To extends Answer["to"]>(request: Request, to: To, timeout = answerTimeout): Promise<AnswerTo<To>> {
    return await this.#inTurn(async () => {
      this.send(request);
      using _wait = this.#waiting(asked[request.do]);
      return requireAnswer(await this.#pipe.next(timeout), to);
    });
  }

  /** Sends a request that has any number of answers, and gives each until the last one comes. */
  async askForMany<Each extends Answer["to"]>(
    request: Request,
    each: Each,
    take: (answer: AnswerTo<Each>) => void,
    last: Answer["to"],
  ): Promise<void> {
    await this.#inTurn(async () => {
      this.send(request);
      for (;;) {
        const answer = readAnswer(await this.#pipe.next(answerTimeout));
        if (answer.to === last) return;
        take(requireTo(answer, each));
      }
    });
  }

  async #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const answer = this.#turn.then(act);
    this.#turn = answer;
    answer.catch(() => undefined); // the caller gets the reason
    return await answer;
  }

  /** Ends the connection, and gives a server whose program runs so many milliseconds for its own end. */
  async end(milliseconds: number, why?: string): Promise<void> {
    clearInterval(this.#alive);
    const end = { do: "end", ...(why !== undefined && { why }) } as const;
    if (this.started) await this.ask(end, "end", milliseconds).catch(() => undefined);
    await this.#pipe.end(this.started ? milliseconds : refusedTimeout);
  }

  async #start(firstLine: () => Promise<unknown>): Promise<void> {
    requireAnswer(await firstLine(), "start");
    this.#alive = setInterval(() => this.send({ do: "alive" }), aliveInterval).unref();
  }
}

/** Reads the answer to a request. After a wrong one the connection is of no use. */
function requireAnswer<To extends Answer["to"]>(line: unknown, to: To): AnswerTo<To> {
  return requireTo(readAnswer(line), to);
}

function readAnswer(line: unknown): Answer {
  const read = answerSchema.safeParse(line);
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    throw new OtherVersion(`the server's answer is not one of this version of slipway: ${faults.join("; ")}`);
  }
  if (read.data.to === "error") throw new Error(read.data.message);
  return read.data;
}

function requireTo<To extends Answer["to"]>(answer: Answer, to: To): AnswerTo<To> {
  if (isTo(answer, to)) return answer;
  throw new Error(`the server answered '${answer.to}' instead of '${to}'`);
}

function isTo<To extends Answer["to"]>(answer: Answer, to: To): answer is AnswerTo<To> {
  return answer.to === to;
}
