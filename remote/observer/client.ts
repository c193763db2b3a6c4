import type { Connection } from "../../model/connection.ts";
import type { Observation } from "../../model/facts/observation.ts";
import type { ObservationScope } from "../../model/facts/scope.ts";
import { HostPipe } from "../host-pipe.ts";
import { answerTimeout, Requests } from "../requests.ts";
import { observeCommand, observerUser } from "../slipway-root.ts";
import { silentWaits, WaitedServer, type Waits } from "../waits.ts";

/** Everything that an observer's connection to a server is made from. */
interface ObserverOptions {
  /** The server; its user is replaced by the one whose key only observes. */
  readonly connection: Connection;
  /** `project/stack`. */
  readonly stack: string;
  /** Environment of ssh; it names the agent that holds the key. */
  readonly environment: NodeJS.ProcessEnv;
  /** Takes each line that the server says for people. */
  readonly say: (line: string) => void;
  /** Shows what is waited for. @default nobody is told */
  readonly waits?: Waits;
}

/** Bytes of the first line, with its end: slipway-root reads no more, since a line may be endless. */
const firstLine = 256;

/** A server's connection as its observer has it. */
export function asObserver(connection: Connection): Connection {
  return { ...connection, user: observerUser };
}

/**
 * The client of a key that only observes. It brings nothing to the server, and asks the program that the stack's last
 * run installed there.
 */
export class ObserverClient {
  readonly #requests: Requests;

  constructor({ connection, stack, environment, say, waits = silentWaits }: ObserverOptions) {
    const command = (): string => observeCommand;
    const words = (nonce: string): string => `${stack} ${nonce} `.padEnd(firstLine - 1);
    const observer = asObserver(connection);
    const { waiting } = new WaitedServer(waits, observer);
    const pipe = new HostPipe({ connection: observer, command, words, environment, say });
    this.#requests = new Requests(pipe, () => pipe.next(answerTimeout), waiting);
  }

  /** Waits until the server's program runs. */
  async ready(): Promise<void> {
    await this.#requests.ready();
  }

  /** Observes the server, which writes nothing there. Paths in the scope are ignored: the server takes its own. */
  async observe(scope: ObservationScope): Promise<Observation> {
    return (await this.#requests.ask({ do: "observe", scope }, "observe")).observation;
  }

  async close(): Promise<void> {
    await this.#requests.end(answerTimeout);
  }
}
