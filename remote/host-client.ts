import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { transferText } from "../model/byte-size.ts";
import type { Connection } from "../model/connection.ts";
import type { UnhealthyService } from "../model/facts/health.ts";
import type { Observation } from "../model/facts/observation.ts";
import type { Layers } from "../model/facts/images/room.ts";
import type { ObservationScope } from "../model/facts/scope.ts";
import type { CleanReport } from "../model/session/clean.ts";
import type { CommandWish } from "../model/session/command.ts";
import type { LogLine, LogsWish } from "../model/session/logs.ts";
import { needSchema, type Need, type SwitchedBack } from "../model/session/protocol.ts";
import { requireFit } from "./fitness.ts";
import { HostPipe } from "./host-pipe.ts";
import type { HostProgram } from "./program.ts";
import { answerTimeout, Requests } from "./requests.ts";
import type { Runtime } from "./runtime.ts";
import type { Architecture } from "./runtime-packages.ts";
import { runOn } from "./command/run-on.ts";
import { doorCommand } from "./slipway-root.ts";
import { silentWaits, WaitedServer, type Waits } from "./waits.ts";

/** The source of the runtimes that servers may lack. */
export interface RuntimeSource {
  /** The version of Node. */
  readonly version: string;
  get(architecture: Architecture): Promise<Runtime>;
}

/** Everything that a connection to a server is made from. */
export interface HostClientOptions {
  readonly connection: Connection;
  readonly program: HostProgram;
  readonly runtimes: RuntimeSource;
  /** `project/stack`. */
  readonly stack: string;
  /** Environment of ssh; it names the agent that holds the key. */
  readonly environment: NodeJS.ProcessEnv;
  /** Takes each line that the server says for people. */
  readonly say: (line: string) => void;
  /** Shows what is waited for. @default nobody is told */
  readonly waits?: Waits;
  /** Tells whether Node must wait for the server. @default it must */
  readonly keepsNode?: () => boolean;
}

/** What a server found of everything that a run applied. */
interface AppliedHealth {
  readonly ill: readonly UnhealthyService[];
  /** The seconds of each verb of the run, and of each step of the rollout. */
  readonly phases: Readonly<Record<string, number>>;
}

/** A run's wish for the lease of a server. */
export interface LeaseWish {
  /** Seconds to wait for its holder, and then for verbs of earlier runs. */
  readonly seconds: number;
  readonly run: string;
  readonly holder: string;
  readonly job: string;
}

/** Who asks for something by hand, and why. */
interface Asked {
  readonly who: string;
  readonly why: string;
}

/** Milliseconds for a server that settles what the run left open, such as a release to switch back. */
const endTimeout = 900_000;

/** Milliseconds in which a byte of an upload must move; ssh itself holds some megabytes after the last one. */
const uploadTimeout = 120_000;

/**
 * A run's client of the host program on one server, over one SSH connection: it brings runtime and program, observes,
 * takes the lease, and stages the values that no document may carry.
 */
export class HostClient {
  readonly #options: HostClientOptions;
  readonly #server: WaitedServer;
  readonly #pipe: HostPipe;
  readonly #requests: Requests;

  constructor(options: HostClientOptions) {
    const { connection, environment, say, keepsNode, waits = silentWaits } = options;
    const command = (nonce: string): string => this.#door("attend", nonce);
    this.#options = options;
    this.#server = new WaitedServer(waits, connection);
    const { hear } = this.#server;
    this.#pipe = new HostPipe({ connection, command, environment, say, hear, keepsNode });
    this.#requests = new Requests(this.#pipe, () => this.#firstLine(), this.#server.waiting);
  }

  /** Waits until the server's program runs. */
  async ready(): Promise<void> {
    await this.#requests.ready();
  }

  /** True until the connection ends. */
  get isOpen(): boolean {
    return this.#pipe.isOpen;
  }

  /** Observes the server, which writes nothing there. */
  async observe(scope: ObservationScope): Promise<Observation> {
    return (await this.#requests.ask({ do: "observe", scope }, "observe")).observation;
  }

  /** Takes the server's lease, waiting some seconds for its holder. Verbs of this run may then change the server. */
  async lease(wish: LeaseWish): Promise<void> {
    await this.#requests.ask({ do: "lease", ...wish }, "lease", 2 * wish.seconds * 1000 + answerTimeout);
  }

  /** Stages a value, once the server has answered. It keeps the value in memory, and for this run only. */
  stage(name: string, value: string): void {
    if (!this.#requests.started) throw new Error(`'${name}' cannot be staged on a server that has not answered`);
    this.#requests.send({ do: "secret", name, value: Buffer.from(value).toString("base64") });
  }

  /** Allows the session to remove these objects, which a protected stack would keep otherwise. */
  async allowRemoval(objects: readonly string[]): Promise<void> {
    if (objects.length > 0) await this.#requests.ask({ do: "allow", objects: [...objects] }, "allow");
  }

  /** Protects the objects that this run declares from its own deletes of resources with former names. */
  async keep(objects: readonly string[]): Promise<void> {
    if (objects.length > 0) await this.#requests.ask({ do: "keep", objects: [...objects] }, "keep");
  }

  /** Has the server pull images, while the run does something else; it refuses those that its disk cannot take. */
  async fetch(images: readonly string[], layers: Layers = {}): Promise<void> {
    const known = Object.keys(layers).length === 0 ? {} : { layers };
    if (images.length > 0) await this.#requests.ask({ do: "fetch", images: [...images], ...known }, "fetch");
  }

  /** Has the server probe everything that these objects' documents started, which may take so many seconds. */
  async health(objects: readonly string[], seconds: number): Promise<AppliedHealth> {
    const timeout = seconds * 1000 + 2 * answerTimeout; // it reads logs after the last probe
    return await this.#requests.ask({ do: "health", objects: [...objects] }, "health", timeout);
  }

  /** Reads logs, and gives their lines as they come; with `follow`, until the connection ends. */
  async logs(wish: LogsWish, show: (lines: readonly LogLine[]) => void): Promise<void> {
    const wait = wish.follow ? undefined : this.#server.waiting("reads logs of");
    const take = (lines: readonly LogLine[]): void => {
      wait?.[Symbol.dispose]();
      show(lines);
    };
    await this.#requests.askForMany({ do: "logs", wish }, "log", ({ lines }) => take(lines), "logs");
    wait?.[Symbol.dispose]();
  }

  /** Runs a command in a container of a service, with our own input and output, and returns its exit code. */
  async command(wish: CommandWish): Promise<number> {
    const { ticket } = await this.#requests.ask({ do: "command", wish }, "command");
    const { connection, environment } = this.#options;
    const command = this.#door("command", ticket);
    return await runOn({ connection, command, terminal: wish.terminal, environment });
  }

  /** Finds what nothing needs any more of the stack, and removes it if that is wanted. */
  async clean(remove: boolean, holder: string): Promise<CleanReport> {
    const timeout = remove ? endTimeout : answerTimeout;
    return (await this.#requests.ask({ do: "clean", remove, holder }, "clean", timeout)).report;
  }

  /** Ends the connection at once: nobody waits for an answer any more. */
  abandon(): void {
    this.#pipe.abandon();
  }

  /** Switches to the warm release by hand, under the lease. A stopped one has the time that it takes to start. */
  async switchBack(asked: Asked): Promise<SwitchedBack> {
    return await this.#requests.ask({ do: "switch-back", ...asked }, "switch-back", endTimeout);
  }

  /** Lets a held release be deployed again, and returns which one; without a name, the only one. */
  async resume(asked: Asked & { readonly release: string | undefined }): Promise<string> {
    return (await this.#requests.ask({ do: "resume", ...asked }, "resume")).release;
  }

  /**
   * Ends the connection and waits until the server has settled and released everything. `why` says in which way the run
   * failed, for its record.
   */
  async close(why?: string): Promise<void> {
    await this.#requests.end(endTimeout, why);
  }

  #door(door: "attend" | "command", last: string): string {
    const { connection, stack, program, runtimes } = this.#options;
    return doorCommand(connection.user, door, { stack, version: runtimes.version, sha256: program.sha256, last });
  }

  /** Gives the server what it lacks, until its program runs and sends a line. */
  async #firstLine(): Promise<unknown> {
    let line = await this.#pipe.next(answerTimeout);
    for (let need = needSchema.safeParse(line); need.success; need = needSchema.safeParse(line)) {
      await this.#supply(need.data);
      line = await this.#pipe.next(uploadTimeout);
    }
    return line;
  }

  /** Uploads what a server lacks. It runs nothing whose sum is another (F144). */
  async #supply(need: Need): Promise<void> {
    const { program, runtimes, say } = this.#options;
    if (need.need === "program") {
      await this.#upload("the program", program.sha256, gzipSync(program.text));
      return;
    }
    const { packed, sha256 } = await runtimes.get(requireFit(need));
    const size = (packed.length / 1_000_000).toFixed(0);
    say(`runtime: uploads Node ${runtimes.version} to ${this.#options.connection.host}, ${size} MB, once`);
    await this.#upload("Node", sha256, packed);
  }

  async #upload(what: string, sha256: string, packed: Uint8Array): Promise<void> {
    let bytes = 0;
    using _wait = this.#server.waiting(() => `uploads ${what}, ${transferText(bytes, packed.length)}, to`);
    const sent = (now: number): void => void (bytes = now);
    await this.#pipe.upload(`${packed.length} ${sha256}`, packed, { milliseconds: uploadTimeout, sent });
  }
}
