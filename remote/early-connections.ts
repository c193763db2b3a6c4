import type { Connection } from "../model/connection.ts";
import { connect, type ConnectOptions } from "./connect.ts";
import type { HostClient } from "./host-client.ts";

/**
 * The connections of a run. They begin as soon as its servers are known, while it still reads its other files: to
 * connect, and to start the program there, takes as long as that. A run that ends by a mistake in those files takes its
 * connections with it, and changes nothing.
 */
export class EarlyConnections {
  readonly #options: Omit<ConnectOptions, "connection">;
  readonly #begun = new Map<string, Promise<HostClient>>();

  constructor(options: Omit<ConnectOptions, "connection">) {
    this.#options = options;
  }

  /** Begins to connect to servers. Nothing fails here: who asks for a connection gets the reason. */
  begin(connections: readonly Connection[]): void {
    for (const connection of connections) {
      const client = connect({ ...this.#options, connection });
      client.catch(() => undefined);
      this.#begun.set(keyOf(connection), client);
    }
  }

  /** The connection to a server, if it was begun; otherwise a new one. */
  async to(connection: Connection): Promise<HostClient> {
    return await (this.#begun.get(keyOf(connection)) ?? connect({ ...this.#options, connection }));
  }
}

function keyOf(connection: Connection): string {
  return JSON.stringify(connection);
}
