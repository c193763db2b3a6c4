import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { EventLog } from "./events.ts";

/** The end of a run of `pulumi`, and its output. */
export interface PulumiResult {
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both outputs, as a person sees them. */
  readonly output: string;
  readonly events: EventLog;
}

interface PulumiCall {
  readonly words: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly eventLog: string;
  /** Words before `pulumi`, with which it runs elsewhere. */
  readonly runner?: readonly string[] | undefined;
}

/** A running `pulumi`, in a process group of its own, as a shell would start it. */
export class PulumiProcess {
  readonly finished: Promise<PulumiResult>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";
  #output = "";

  constructor(call: PulumiCall) {
    const { words, cwd, env, runner = [] } = call;
    const [name = "", ...rest] = [...runner, "pulumi", ...words];
    const child = spawn(name, rest, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      this.#output += text;
    });
    this.finished = this.#finish(call.eventLog);
  }

  /** The output so far. */
  get output(): string {
    return this.#output;
  }

  /** Presses Ctrl-C as in a terminal: every process of the group gets the signal. */
  pressControlC(): void {
    process.kill(-this.#pid(), "SIGINT");
  }

  /** Signals the engine alone, as `docker stop` does, or a CI runner that gives up. */
  kill(signal: NodeJS.Signals): void {
    process.kill(this.#pid(), signal);
  }

  /** The processes that the engine started: its language host and its plugins. */
  children(): readonly number[] {
    const pid = this.#pid();
    const tasks = readdirSync(`/proc/${pid}/task`);
    const lists = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8"));
    return lists.flatMap((list) => list.trim().split(" ").filter(Boolean).map(Number));
  }

  #pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error("pulumi: it did not start; run `npm run toolchain`");
    return pid;
  }

  #finish(eventLog: string): Promise<PulumiResult> {
    return new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (exitCode) => {
        const events = EventLog.read(eventLog);
        resolve({ exitCode, stdout: this.#stdout, stderr: this.#stderr, output: this.#output, events });
      });
    });
  }
}
