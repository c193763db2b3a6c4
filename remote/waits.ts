import { connectionText, type Connection } from "../model/connection.ts";
import { doingText, doneText, progressSchema, type Doing } from "../model/session/progress.ts";

/** Milliseconds between two looks, and the fewest between two lines: a server decides how often it tells something. */
const interval = 1000;
const fewest = 900;

/** Milliseconds that a wait of our own may take before it is shown. */
const patience = 1900;

interface WaitsOptions {
  /** Shows a line until the next one. */
  readonly show: (line: string) => void;
  /** Nothing is waited for any more. */
  readonly over?: () => void;
  /** A line takes no place there, so one comes each second, with the steps that have ended. */
  readonly terminal: boolean;
}

interface Wait {
  readonly what: () => string;
  readonly since: number;
  /** The server whose answer is waited for. */
  readonly server: string | undefined;
}

/**
 * Everything that this process waits for, and what the servers do meanwhile. While there is something, a line says so
 * every other second at least, so that nobody takes a run for dead.
 */
export class Waits {
  readonly #options: WaitsOptions;
  readonly #waits = new Set<Wait>();
  readonly #doing = new Map<string, readonly Doing[]>();
  #timer: NodeJS.Timeout | undefined;
  #last = { line: "", at: -Infinity };

  constructor(options: WaitsOptions) {
    this.#options = options;
  }

  /** Begins a wait, which lasts until the end of a block. What the server itself tells is shown in its place. */
  begin(what: string | (() => string), server?: string): Disposable {
    const wait = { what: typeof what === "string" ? () => what : what, since: performance.now(), server };
    this.#waits.add(wait);
    this.#look();
    return {
      [Symbol.dispose]: () => {
        this.#waits.delete(wait);
        this.#look();
      },
    };
  }

  async during<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
    using _wait = this.begin(what);
    return await act();
  }

  /** Hears what a server does at this moment; nothing, if the connection to it has ended. */
  hear(server: string, doing: readonly Doing[]): void {
    if (doing.length === 0) this.#doing.delete(server);
    else this.#doing.set(server, doing);
    this.#look();
  }

  #look(): void {
    if (this.#waits.size + this.#doing.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      if (this.#last.line !== "") this.#options.over?.();
      this.#last = { line: "", at: this.#last.at };
      return;
    }
    this.#timer ??= setInterval(() => this.#look(), interval).unref();
    this.#show();
  }

  #show(): void {
    const now = performance.now();
    const { show, terminal } = this.#options;
    const all = this.#now(now);
    const line = all.map(({ what, waits }) => `${what} ${waits}`).join();
    const silent = now - this.#last.at;
    const isDue = line === this.#last.line ? silent >= (terminal ? 1 : 2) * interval - 100 : silent >= fewest;
    if (all.length === 0 || !isDue) return;
    this.#last = { line, at: now };
    show(all.map((doing) => (terminal ? withDone(doing) : doingText(doing))).join(" | "));
  }

  #now(now: number): Doing[] {
    const old = [...this.#waits].filter(({ since }) => now - since >= patience);
    const own = old.filter(({ server }, at) => server === undefined || this.#isInnermost(server, at, old));
    const ofServers = [...this.#doing].flatMap(([server, doing]) =>
      this.#doing.size === 1 ? doing : doing.map(({ what, ...rest }) => ({ what: `${server}: ${what}`, ...rest })),
    );
    const ours = own.map(({ what, since }) => ({
      what: `${what()},`,
      seconds: (now - since) / 1000,
      waits: "",
      done: [],
    }));
    return [...ours, ...ofServers];
  }

  /** Of the waits for one server the last counts; none does while the server itself tells what it does. */
  #isInnermost(server: string, at: number, waits: readonly Wait[]): boolean {
    return !this.#doing.has(server) && waits.findLastIndex((wait) => wait.server === server) === at;
  }
}

/** One server for which this process waits. */
export class WaitedServer {
  readonly #waits: Waits;
  readonly #name: string;

  constructor(waits: Waits, connection: Connection) {
    this.#waits = waits;
    this.#name = connectionText(connection);
  }

  /** Begins a wait for it, in words that come before its name. */
  readonly waiting = (what: string | (() => string)): Disposable => {
    const words = typeof what === "string" ? () => what : what;
    return this.#waits.begin(() => `${words()} ${this.#name}`, this.#name);
  };

  /** Hears what it tells beside its answers. What is no progress is left out. */
  readonly hear = (value: unknown): void => {
    const { data } = progressSchema.safeParse(value);
    if (data !== undefined) this.#waits.hear(this.#name, data.progress);
  };
}

/** Set by slipway's commands where they show a run on a terminal: a line there takes no place. */
export const terminalVariable = "SLIPWAY_TERMINAL";

export function hasTerminal({ [terminalVariable]: terminal = "" }: NodeJS.ProcessEnv): boolean {
  return terminal !== "";
}

function withDone(doing: Doing): string {
  const done = doneText(doing.done);
  return done === "" ? doingText(doing) : `${doingText(doing)} (${done})`;
}

/** Waits of which nobody is told. */
export const silentWaits = new Waits({ show: () => undefined, terminal: false });
