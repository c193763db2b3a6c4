import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Where a door leads. */
interface Target {
  readonly host: string;
  readonly port: number;
}

/** A port of this machine in front of another one: it counts who comes through, can turn visitors away, and can slam. */
export class Door {
  /** How many connections were opened since the door is there, or since `forget`. */
  connections = 0;
  /** The most that were open at once. */
  peak = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: Target;
  #turnAway: number;

  private constructor(server: Server, target: Target, turnAway: number) {
    this.#server = server;
    this.#target = target;
    this.#turnAway = turnAway;
    server.on("connection", (visitor) => {
      this.#enter(visitor);
    });
  }

  /** Opens a door to a port, by itself one of this machine; it closes the connections of the first `turnAway` visitors at once. */
  static async open(target: number | Target, { turnAway = 0 } = {}): Promise<Door> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Door(server, typeof target === "number" ? { host: "127.0.0.1", port: target } : target, turnAway);
  }

  get port(): number {
    const address: AddressInfo | string | null = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("door: it is closed");
    return address.port;
  }

  /** Starts counting anew. */
  forget(): void {
    this.connections = 0;
    this.peak = 0;
  }

  /** Cuts every connection that is open; new ones come through. */
  slam(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.slam();
    this.#server.close();
    await once(this.#server, "close");
  }

  #enter(visitor: Socket): void {
    this.connections += 1;
    visitor.on("error", () => visitor.destroy());
    if (this.#turnAway > 0) {
      this.#turnAway -= 1;
      visitor.destroy();
      return;
    }
    const host = connect(this.#target);
    this.#pass(visitor, host);
    this.#pass(host, visitor);
    this.peak = Math.max(this.peak, this.#sockets.size / 2);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
