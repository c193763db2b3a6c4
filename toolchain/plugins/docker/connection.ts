import Docker from "dockerode";
import { connectError } from "./engine-error.ts";
import type { Configuration } from "./configuration.ts";
import { parseHost, type EngineAddress } from "./host.ts";
import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { CommandStream } from "./command-stream.ts";

/** The connection to the Docker engine of a provider, opened on first use. */
export class Connection {
  readonly #host: string;
  readonly #address: EngineAddress;
  readonly #docker: Docker;
  #answered = false;

  constructor({ host, sshOpts }: Configuration) {
    this.#host = host;
    this.#address = parseHost(host, sshOpts);
    if (this.#address.kind === "ssh") {
      // The host is only a header; the agent decides where a request goes. (The published types lack `agent`.)
      const agent = new SshHttpAgent(this.#address.words);
      const options = { protocol: "http" as const, host: "docker.example.com", port: 80, agent };
      this.#docker = new Docker(options);
    } else {
      this.#docker = new Docker({ protocol: "http", socketPath: this.#address.path });
    }
  }

  /** Checks an engine on a socket when the provider is configured, also in a preview. An ssh host is not checked. */
  async checkAtConfigure(): Promise<void> {
    if (this.#address.kind === "ssh") return;
    try {
      await this.#docker.ping();
    } catch {
      throw new Error(
        "docker native provider returned an unexpected error from Configure: failed to connect to any docker daemon",
      );
    }
  }

  /** The client of the engine; the first call checks that the engine answers. */
  async client(): Promise<Docker> {
    if (this.#answered) return this.#docker;
    try {
      await this.#docker.ping();
    } catch (error) {
      throw new Error(
        `failed to create Docker client: Error pinging Docker server, please make sure that ${this.#host} is ` +
          `reachable and has a  '_ping' endpoint. Error: ${connectError(error, this.#host)}`,
        { cause: error },
      );
    }
    this.#answered = true;
    return this.#docker;
  }
}

/** The HTTP agent for a Docker engine on another host. Each of its connections is a process of the local ssh client. */
export class SshHttpAgent extends Agent {
  readonly #words: readonly [string, ...string[]];

  constructor(words: readonly [string, ...string[]]) {
    super({ keepAlive: true });
    this.#words = words;
  }

  override createConnection(): Duplex {
    return new CommandStream(this.#words);
  }

  // The inherited methods set options of a TCP socket, and a process has none.
  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {
    // A process needs no preparation.
  }
}
