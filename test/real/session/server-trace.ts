import type { TestServer } from "../../hosts/servers.ts";

/** The folders in which slipway writes on a server. */
const places = ["/var/www", "/var/lib/slipway"];

/** The state of a server at a moment, to show later that nothing touched it. */
export class ServerTrace {
  readonly #server: TestServer;
  readonly #places: readonly string[];
  readonly #since: string;
  readonly #files: readonly string[];

  private constructor(server: TestServer, where: readonly string[], since: string, files: readonly string[]) {
    this.#server = server;
    this.#places = where;
    this.#since = since;
    this.#files = files;
  }

  /** Begins now; `also` are further folders to watch. */
  static async begin(server: TestServer, also: readonly string[] = []): Promise<ServerTrace> {
    const where = [...places, ...also];
    return new ServerTrace(server, where, await now(server), await files(server, where));
  }

  /**
   * Lists every file that was made, removed or changed since the beginning, and all engine events but health checks.
   */
  async changes(): Promise<string[]> {
    const found = await files(this.#server, this.#places);
    return [
      ...this.#files.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
      ...found.filter((line) => !this.#files.includes(line)).map((line) => `+ ${line}`),
      ...(await this.#events()),
    ];
  }

  async #events(): Promise<string[]> {
    const words = ["docker", "events", "--since", this.#since, "--until", await now(this.#server)];
    const { stdout } = await this.#server.exec(words);
    return stdout.split("\n").filter((line) => line !== "" && !/ (exec_(create|start|die)|health_status)/.test(line));
  }
}

async function now(server: TestServer): Promise<string> {
  return (await server.exec(["date", "+%s.%N"])).stdout.trim();
}

/** Lists every file with its time, owner, mode and size. */
async function files(server: TestServer, where: readonly string[]): Promise<string[]> {
  const { stdout } = await server.exec(["find", ...where, "-printf", "%p %T@ %u %m %s\\n"]);
  return stdout.split("\n").filter((line) => line !== "");
}
