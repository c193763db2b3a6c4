import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The address to which a proxy connects. */
interface Target {
  readonly host: string;
  readonly port: number;
}

/** A TCP proxy on this machine that counts connections, and can refuse or cut them. */
export class TcpProxy {
  /** The number of connections since the proxy was opened, or since `resetCounts`. */
  connections = 0;
  /** The highest number of connections at the same time. */
  peak = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: Target;
  #remainingRefusals: number;

  private constructor(server: Server, target: Target, refusals: number) {
    this.#server = server;
    this.#target = target;
    this.#remainingRefusals = refusals;
    server.on("connection", (client) => {
      this.#accept(client);
    });
  }

  /** Opens a proxy for a target, or a port of this machine. It closes the first `refusals` connections at once. */
  static async open(target: number | Target, { refusals = 0 } = {}): Promise<TcpProxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TcpProxy(server, typeof target === "number" ? { host: "127.0.0.1", port: target } : target, refusals);
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy is closed");
    return address.port;
  }

  resetCounts(): void {
    this.connections = 0;
    this.peak = 0;
  }

  /** Resets all open connections; new ones are accepted. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cutConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(client: Socket): void {
    this.connections += 1;
    client.on("error", () => client.destroy());
    if (this.#remainingRefusals > 0) {
      this.#remainingRefusals -= 1;
      client.destroy();
      return;
    }
    const target = connect(this.#target);
    this.#forward(client, target);
    this.#forward(target, client);
    this.peak = Math.max(this.peak, this.#sockets.size / 2);
  }

  #forward(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
