import type { Connection } from "../model/connection.ts";
import { connect, type ConnectOptions } from "./connect.ts";
import type { HostClient } from "./host-client.ts";
import { hasTerminal, Waits } from "./waits.ts";

interface Options extends Omit<ConnectOptions, "connection" | "keepsNode" | "waits"> {
  /** Shows what the run waits for. */
  readonly show?: (line: string) => void;
}

/**
 * The connections of a run. They begin as soon as its servers are known, while it still reads its other files: to
 * connect, and to start the program there, takes as long as that. A run that ends by a mistake in those files does not
 * wait for them: they end with it, and nothing was changed.
 */
export class EarlyConnections {
  static #ofProcess: EarlyConnections | undefined;

  /** Everything that the run waits for. */
  readonly waits: Waits;
  readonly #options: Omit<ConnectOptions, "connection">;
  readonly #begun = new Map<string, Promise<HostClient>>();
  /** The connections that failed before the run asked for them. */
  readonly #failed = new Set<string>();
  readonly #unheard: string[] = [];
  #say: Options["say"] | undefined;
  #show: Options["show"];
  #isAsked = false;

  constructor({ say, show, ...options }: Omit<Options, "say"> & Partial<Pick<Options, "say">>) {
    this.waits = new Waits({ show: (line) => this.#show?.(line), terminal: hasTerminal(options.environment) });
    const { waits } = this;
    this.#options = { ...options, waits, say: (line) => this.#hear(line), keepsNode: () => this.#isAsked };
    this.#say = say;
    this.#show = show;
  }

  /** Begins the connections of the run that this process will be. What the servers say is kept for it. */
  static beginForProcess(options: Omit<Options, "say">, servers: readonly Connection[]): void {
    this.#ofProcess = new EarlyConnections(options);
    this.#ofProcess.begin(servers);
  }

  /** The connections that this process began for its run, or new ones. */
  static ofProcess(options: Options): EarlyConnections {
    const early = this.#ofProcess;
    if (early === undefined || early.#options.stack !== options.stack) return new EarlyConnections(options);
    early.#say = options.say;
    early.#show = options.show;
    early.#unheard.splice(0).forEach(options.say);
    return early;
  }

  /** Begins to connect to the servers. Nothing fails here: who asks for a connection gets the reason. */
  begin(servers: readonly Connection[]): void {
    const wanted = new Map(servers.map((connection) => [keyOf(connection), connection]));
    for (const [key, client] of this.#begun)
      if (!wanted.has(key)) client.then((one) => one.close()).catch(() => undefined);
    for (const [key, connection] of wanted) {
      if (this.#begun.has(key)) continue;
      const client = connect({ ...this.#options, connection });
      client.catch(() => this.#failed.add(key));
      this.#begun.set(key, client);
    }
  }

  /** The connection to a server, if it was begun and neither failed nor was lost since; otherwise a new one. */
  async to(connection: Connection): Promise<HostClient> {
    this.#isAsked = true;
    const waiting = setInterval(() => undefined, 60_000); // what began before keeps no process alive
    try {
      // The engine may have asked for a passphrase meanwhile.
      const key = keyOf(connection);
      const client = this.#failed.has(key) ? undefined : await this.#begun.get(key);
      return client?.isOpen === true ? client : await connect({ ...this.#options, connection });
    } finally {
      clearInterval(waiting);
    }
  }

  #hear(line: string): void {
    if (this.#say === undefined) this.#unheard.push(line);
    else this.#say(line);
  }
}

function keyOf(connection: Connection): string {
  return JSON.stringify(connection);
}
