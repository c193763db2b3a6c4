import type { Buffer } from "node:buffer";
import type { Readable } from "node:stream";
import { parseJson } from "../../model/json.ts";
import { requestSchema, type Request } from "../../model/session/protocol.ts";
import { Failure, sameVersion } from "../failure.ts";
import { Lines } from "../lines.ts";

/** Seconds without a line after which the other end is considered dead. */
const longestSilence = 30;

/** How much of a client's is kept in memory. */
export interface RequestLimits {
  /** Bytes of the longest request. */
  readonly line: number;
  /** Bytes of all requests that wait for their turn, and their number, signs of life among them. */
  readonly waiting: number;
  readonly count: number;
}

/** The limits of a run, whose longest request brings an env file. */
const ofRuns: RequestLimits = { line: 16 * 1024 ** 2, waiting: 32 * 1024 ** 2, count: 20_000 };

interface RequestOptions {
  /** Gets each sign of life, while a request is still being answered, too. */
  readonly heard: () => void;
  readonly say: (phase: string, message: string) => void;
  /** @default 30 */
  readonly silence?: number | undefined;
  /** @default those of a run */
  readonly limits?: RequestLimits;
}

/** The requests of a run in their order, to the end of its connection or until nothing was heard for too long. */
export class Requests {
  readonly #options: RequestOptions;
  readonly #lines: string[] = [];
  readonly #limits: RequestLimits;
  /** Bytes of the requests that wait. */
  #waiting = 0;
  readonly #gone = new AbortController();
  #silence: NodeJS.Timeout | undefined;
  #stopped = false;
  /** Bytes of the line that has not ended yet. */
  #unended = 0;
  #wake: () => void = () => undefined;

  constructor(input: Readable, options: RequestOptions) {
    this.#options = options;
    this.#limits = options.limits ?? ofRuns;
    this.#listen();
    const lines = new Lines();
    input.on("data", (part: Buffer) => {
      this.#measure(part, input);
      lines.add(part).forEach((line) => this.#hear(line));
    });
    input.once("end", () => lines.end().forEach((line) => this.#hear(line)));
    for (const event of ["end", "error", "close"]) input.once(event, () => this.#end());
  }

  /** Ends whatever waits for something on the run's behalf: the run is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Request> {
    for (;;) {
      const line = this.#lines.shift();
      this.#waiting -= line?.length ?? 0;
      if (line !== undefined) yield readRequest(line);
      else if (this.#gone.signal.aborted) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Stops listening; later lines are ignored. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#silence);
  }

  #hear(line: string): void {
    if (this.#stopped) return;
    this.#listen();
    this.#options.heard();
    const { line: longest, count, waiting } = this.#limits;
    if (line.length > longest) {
      this.#refuse(`a request has more than ${longest} bytes`);
      return;
    }
    this.#waiting += line.length;
    if (this.#lines.length >= count || this.#waiting > waiting) {
      this.#refuse(`more than ${count} requests, or ${waiting} bytes of them, wait`);
      return;
    }
    this.#lines.push(line);
    this.#wake();
  }

  /** A key that may only observe must not fill this server's memory. */
  #measure(part: Buffer, input: Readable): void {
    const end = part.lastIndexOf("\n");
    this.#unended = end < 0 ? this.#unended + part.length : part.length - end - 1;
    if (this.#unended <= this.#limits.line) return;
    input.destroy();
    this.#refuse(`a request has more than ${this.#limits.line} bytes`);
  }

  #refuse(why: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#lines.length = 0;
    this.#options.say("attend", `ends, since ${why}`);
    this.#end();
  }

  /** Timers of Node go by the monotonic clock (SEC-C2). */
  #listen(): void {
    const { say, silence = longestSilence } = this.#options;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      say("attend", `ends, since nothing was heard for ${silence} s`);
      this.#end();
    }, silence * 1000);
  }

  #end(): void {
    clearTimeout(this.#silence);
    this.#gone.abort(new Failure("attend", "the run is gone"));
    this.#wake();
  }
}

/** A line may hold a secret, so no message shows it. */
function readRequest(line: string): Request {
  const { data, error } = requestSchema.safeParse(parseJson(line));
  if (data !== undefined) return data;
  const where = error.issues[0]?.path.join(".") ?? "";
  const what = `cannot read a request of the run${where === "" ? "" : ` at '${where}'`}`;
  const program = process.argv[1]?.split("/").at(-1) ?? "";
  const versions = `this server's end is '${program}' on Node ${process.versions.node}`;
  throw new Failure("attend", `${what}; ${versions}, so ${sameVersion}`);
}
