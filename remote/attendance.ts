import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Buffer } from "node:buffer";
import { Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { childEnvironment } from "../process/environment.ts";
import type { Connection } from "../model/connection.ts";
import type { Observation } from "../model/facts/observation.ts";
import { quoteWords } from "../model/shell.ts";
import type { Wants } from "../model/stack/wants.ts";
import { readFacts } from "./facts.ts";
import type { HostProgram } from "./program.ts";
import { sshReason } from "./ssh-reason.ts";
import { sshCommand } from "./ssh.ts";

/** Who attends which server, for which stack. */
interface AttendanceRequest {
  readonly connection: Connection;
  readonly program: HostProgram;
  /** `project/stack`. */
  readonly stack: string;
  /** Tells this run from any other. */
  readonly run: string;
  /** What ssh is started with; it names the agent that holds the key. */
  readonly environment: NodeJS.ProcessEnv;
  /** What the server says while it works, a line at a time. */
  readonly say: (line: string) => void;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Well below the silence after which the server takes this end for dead; a delete waits for the next one. */
const aliveEvery = 2_000;

/** Milliseconds for connecting and for one look: behind an address that accepts connections for a dead server nothing else would ever end. */
const patienceToLook = 45_000;

/**
 * The one connection that a run keeps to a server: it looks, takes the lease, and stages what no document may carry. The server ends it with this process,
 * however that ends.
 */
export class Attendance {
  readonly #child: Child;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<string>;
  readonly #run: string;
  readonly #alive: NodeJS.Timeout;

  constructor(request: AttendanceRequest) {
    const [command = "ssh", ...words] = sshCommand(request.connection, attendCommand(request));
    this.#run = request.run;
    this.#child = spawn(command, words, {
      stdio: ["pipe", "pipe", "pipe"],
      env: childEnvironment(request.environment),
    });
    this.#ended = ending(this.#child, request);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#child.stdin.on("error", () => undefined); // what went wrong is told by the end of the process
    this.#child.stdin.write(request.program.text);
    this.#alive = setInterval(() => this.#tell("alive"), aliveEvery);
    letNodeExit(this.#child, this.#alive);
  }

  /** Looks at the server, which writes nothing there. */
  async observe(wants: Wants): Promise<Observation> {
    for (const line of wantLines(wants)) this.#tell(line);
    this.#tell("observe");
    return readFacts(await this.#until("observed", patienceToLook));
  }

  /** Takes the server's lease, waiting so many seconds for whoever holds it; from here on verbs may change the server. */
  async lease(seconds: number, holder: string): Promise<void> {
    this.#tell(`lease ${seconds} ${this.#run} ${holder}`);
    await this.#until("session", 2 * seconds * 1000 + patienceToLook);
  }

  /** Stages a value; the server keeps it in memory, for this run only. */
  stage(name: string, value: string): void {
    this.#tell(`secret ${name} ${Buffer.from(value).toString("base64")}`);
  }

  /** Ends the attendance and waits until the server has let go. */
  async close(): Promise<void> {
    clearInterval(this.#alive);
    this.#child.stdin.end("end\n");
    this.#child.ref();
    await this.#ended;
  }

  #tell(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** The lines before the fact that ends an answer. */
  async #until(fact: string, milliseconds: number): Promise<string[]> {
    // The timer also keeps Node running while it waits: everything else of the attendance does not.
    const late = setTimeout(() => this.#child.kill("SIGKILL"), milliseconds);
    try {
      return await this.#collect(fact);
    } finally {
      clearTimeout(late);
    }
  }

  async #collect(fact: string): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const next = await this.#lines.next();
      if (next.done === true) throw new Error(await this.#ended);
      if (next.value.startsWith(`{"fact":"${fact}"`)) return lines;
      lines.push(next.value);
    }
  }
}

/**
 * What the server runs first: it takes the program off the start of its stdin and runs it with the rest. Words of a few letters, so that any login shell
 * passes them on.
 */
function attendCommand({ connection, program, stack }: AttendanceRequest): string {
  const size = String(Buffer.byteLength(program.text));
  if (connection.user !== "root") {
    return quoteWords(["sudo", "-n", "/usr/local/sbin/slipway-root", "attend", stack, size]);
  }
  const places = "umask 077 && mkdir -p /run/slipway && program=$(mktemp /run/slipway/program.XXXXXX)";
  const script = `${places} && head -c ${size} >"$program" && exec bash "$program" "$@"`;
  return quoteWords(["bash", "-c", script, "slipway", "attend", stack]);
}

function wantLines(wants: Wants): string[] {
  return [
    `want directory ${wants.directory}`,
    ...wants.projects.map((name) => `want project ${name}`),
    ...wants.ports.map((port) => `want port ${port}`),
    ...wants.volumes.map((name) => `want volume ${name}`),
    ...Object.entries(wants.clusters).map(([volume, folder]) => `want cluster ${volume} ${folder}`),
  ];
}

/**
 * Passes on what the server says, and resolves to the reason when the connection ends. Until the server has answered, the words may be those of ssh about a
 * connection that fails; the reason tells them then, once.
 */
function ending(child: Child, { connection, say }: AttendanceRequest): Promise<string> {
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

/** Nothing of the attendance keeps Node running; it ends when the process does. */
function letNodeExit(child: Child, timer: NodeJS.Timeout): void {
  timer.unref();
  child.unref();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) {
    if (pipe instanceof Socket) pipe.unref();
  }
}
