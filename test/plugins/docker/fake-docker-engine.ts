import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { z } from "zod";

const words = z.record(z.string(), z.string()).nullish();
const createBody = z.object({ Name: z.string(), Driver: z.string().optional(), DriverOpts: words, Labels: words });

/** A volume as the Docker API shows it. */
interface VolumeInfo {
  readonly Name: string;
  readonly Driver: string;
  readonly Mountpoint: string;
  readonly Options: Readonly<Record<string, string>> | null;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** A fake Docker engine: the part of its API that volumes need, on a socket in a temporary folder. */
export class FakeDockerEngine {
  readonly socket: string;
  readonly volumes = new Map<string, VolumeInfo>();
  /** The number of removals that will still be answered with "volume is in use". */
  busyRemovals = 0;
  /** Every request as `METHOD /path`. */
  readonly requests: string[] = [];
  readonly #folder: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  private constructor(folder: string) {
    this.#folder = folder;
    this.socket = join(folder, "docker.sock");
  }

  static async start(): Promise<FakeDockerEngine> {
    const engine = new FakeDockerEngine(await mkdtemp(join(tmpdir(), "slipway-docker-engine-")));
    await new Promise<void>((resolve) => engine.#server.listen(engine.socket, resolve));
    return engine;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true });
  }

  /** Adds a volume, like one that was created by hand. */
  add(name: string, given: Partial<VolumeInfo> = {}): void {
    const Mountpoint = `/var/lib/docker/volumes/${name}/_data`;
    this.volumes.set(name, { Name: name, Driver: "local", Mountpoint, Options: null, Labels: null, ...given });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const path = url.replace(/\?.*/, "");
    this.requests.push(`${method} ${path}`);
    const name = path.replace("/volumes/", "");
    if (path === "/_ping") send(response, 200, "OK");
    else if (path === "/volumes/create") this.#create(createBody.parse(await json(request)), response);
    else if (!this.volumes.has(name)) send(response, 404, { message: `get ${name}: no such volume` });
    else if (method === "DELETE") this.#remove(name, response);
    else send(response, 200, this.volumes.get(name));
  }

  #create(body: z.infer<typeof createBody>, response: ServerResponse): void {
    const { Name, Driver = "local", DriverOpts = null, Labels = null } = body;
    if (Driver === "nosuch") {
      send(response, 500, { message: 'plugin "nosuch" not found' });
      return;
    }
    if (!this.volumes.has(Name)) this.add(Name, { Driver, Options: DriverOpts, Labels });
    send(response, 201, this.volumes.get(Name));
  }

  #remove(name: string, response: ServerResponse): void {
    if (this.busyRemovals > 0) {
      this.busyRemovals--;
      send(response, 409, { message: `remove ${name}: volume is in use - [4c01]` });
      return;
    }
    this.volumes.delete(name);
    send(response, 204, "");
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
