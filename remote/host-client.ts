import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Buffer } from "node:buffer";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { childEnvironment } from "../process/environment.ts";
import type { Connection } from "../model/connection.ts";
import type { Observation } from "../model/facts/observation.ts";
import { quoteWords } from "../model/shell.ts";
import type { ObservationScope } from "../model/stack/observation-scope.ts";
import { readFacts } from "./facts.ts";
import { sshCommand, sshReason } from "./ssh.ts";

/** Everything that a connection to a server is made from. */
export interface HostClientOptions {
  readonly connection: Connection;
  /** Text of the host program, which the server runs. */
  readonly program: string;
  /** `project/stack`. */
  readonly stack: string;
  /** Id of the run. */
  readonly run: string;
  /** Environment of ssh; it names the agent that holds the key. */
  readonly environment: NodeJS.ProcessEnv;
  /** Takes each line that the server says for people. */
  readonly say: (line: string) => void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Milliseconds between two signs of life. The server considers a client dead after thirty silent seconds. */
const aliveInterval = 2_000;

/**
 * Milliseconds for connecting and one observation. Without a limit, an address that accepts connections for a dead
 * server would keep a run waiting for ever.
 */
const answerTimeout = 45_000;

/**
 * A run's client of the host program on one server, over one SSH connection: it observes, takes the lease, and stages
 * the values that no document may carry. The server ends its side when this process ends, however that happens.
 */
export class HostClient {
  readonly #child: Child;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<string>;
  readonly #run: string;
  readonly #alive: NodeJS.Timeout;

  constructor(options: HostClientOptions) {
    const [command = "ssh", ...words] = sshCommand(options.connection, attendCommand(options));
    this.#run = options.run;
    this.#child = spawn(command, words, {
      stdio: ["pipe", "pipe", "pipe"],
      env: childEnvironment(options.environment),
    });
    this.#ended = endOf(this.#child, options);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#child.stdin.on("error", () => undefined); // the end of the process gives the reason
    this.#child.stdin.write(options.program);
    this.#alive = setInterval(() => this.#send("alive"), aliveInterval);
    letNodeExit(this.#child, this.#alive);
  }

  /** Observes the server, which writes nothing there. */
  async observe(scope: ObservationScope): Promise<Observation> {
    for (const line of scopeLines(scope)) this.#send(line);
    this.#send("observe");
    return readFacts(await this.#answer("observed", answerTimeout));
  }

  /** Takes the server's lease, waiting some seconds for its holder. Verbs of this run may then change the server. */
  async lease(seconds: number, holder: string): Promise<void> {
    this.#send(`lease ${seconds} ${this.#run} ${holder}`);
    await this.#answer("session", 2 * seconds * 1000 + answerTimeout);
  }

  /** Stages a value. The server keeps it in memory, and for this run only. */
  stage(name: string, value: string): void {
    this.#send(`secret ${name} ${Buffer.from(value).toString("base64")}`);
  }

  /** Allows the session to remove these objects, which a protected stack would keep otherwise. */
  async allowRemoval(objects: readonly string[]): Promise<void> {
    for (const object of objects) {
      this.#send(`remove ${object}`);
      await this.#answer("removable", answerTimeout);
    }
  }

  /** Protects the objects that this run declares from its own deletes of resources with former names. */
  async keep(objects: readonly string[]): Promise<void> {
    for (const object of objects) this.#send(`keep ${object}`);
    for (let kept = 0; kept < objects.length; kept += 1) await this.#answer("kept", answerTimeout);
  }

  /** Ends the connection and waits until the server has released everything. */
  async close(): Promise<void> {
    clearInterval(this.#alive);
    this.#child.stdin.end("end\n");
    this.#child.ref();
    await this.#ended;
  }

  /** Sends one line. A control character could make more lines of it, which the server would obey. */
  #send(line: string): void {
    if (/\p{Cc}/u.test(line)) {
      const [word = ""] = line.split(" ");
      throw new Error(`a line '${word} …' for the server contains a control character`);
    }
    this.#child.stdin.write(`${line}\n`);
  }

  /** Collects the lines of one answer, up to the fact that ends it. */
  async #answer(lastFact: string, milliseconds: number): Promise<string[]> {
    // Only this timer keeps Node running while it waits.
    const late = setTimeout(() => this.#child.kill("SIGKILL"), milliseconds);
    try {
      return await this.#linesUntil(lastFact);
    } finally {
      clearTimeout(late);
    }
  }

  async #linesUntil(lastFact: string): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const next = await this.#lines.next();
      if (next.done === true) throw new Error(await this.#ended);
      if (next.value.startsWith(`{"fact":"${lastFact}"`)) return lines;
      lines.push(next.value);
    }
  }
}

/** The commands that take the first bytes of stdin as the program, and run it with the rest of stdin. */
const receiveProgram = [
  "umask 077",
  "mkdir -p /run/slipway",
  "program=$(mktemp /run/slipway/program.XXXXXX)",
  'head -c "$1" >"$program"',
  "shift",
  'exec bash "$program" "$@"',
].join(" && ");

/** The command that the server's login shell runs. */
function attendCommand({ connection, program, stack }: HostClientOptions): string {
  const size = String(Buffer.byteLength(program));
  if (connection.user === "root") return quoteWords(["bash", "-c", receiveProgram, "slipway", size, "attend", stack]);
  return quoteWords(["sudo", "-n", "/usr/local/sbin/slipway-root", "attend", stack, size]);
}

function scopeLines(scope: ObservationScope): string[] {
  return [
    `want directory ${scope.directory}`,
    ...scope.projects.map((name) => `want project ${name}`),
    ...scope.ports.map((port) => `want port ${port}`),
    ...scope.volumes.map((name) => `want volume ${name}`),
    ...Object.entries(scope.clusters).map(([volume, folder]) => `want cluster ${volume} ${folder}`),
  ];
}

/**
 * Passes on what the server says, and resolves to the reason when the connection ends. Lines before the first answer
 * may be ssh's own about a connection that fails, so they are held back until there is an answer; without one, only the
 * reason holds them.
 */
function endOf(child: Child, { connection, say }: HostClientOptions): Promise<string> {
  const said: string[] = [];
  let answered = false;
  child.stdout.once("data", () => {
    answered = true;
    said.forEach(say);
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    said.push(line);
    if (answered) say(line);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`ssh did not start: ${error.message}`));
    child.once("close", (code, signal) => {
      const silent = `ssh ended without a word (${signal ?? `exit code ${String(code)}`})`;
      resolve(sshReason(said, connection.user) ?? silent);
    });
  });
}

/** Lets Node exit while the connection is open; the connection then ends with the process. */
function letNodeExit(child: Child, timer: NodeJS.Timeout): void {
  timer.unref();
  child.unref();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) {
    if (pipe instanceof Socket) pipe.unref();
  }
}
