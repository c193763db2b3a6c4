import { Buffer } from "node:buffer";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { vi } from "vitest";
import { z } from "zod";
import { bundleHostProgram } from "../../remote/program.ts";
import { StubEngine } from "./stub-engine.ts";

/** The result of a verb. */
export interface VerbResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunningVerb {
  readonly said: () => string;
  readonly ended: Promise<VerbResult>;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** The host program in folders of its own, on this machine instead of a server. */
export class LocalHost {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-host-"));
  readonly state = join(this.folder, "state");
  readonly run = join(this.folder, "run");
  /** The server's machine id; a machine that runs the tests may have none. */
  readonly machine = "5e1f".repeat(8);
  /** The host program. It finds the stand-in for docker, not this machine's engine. */
  readonly text = bundleHostProgram()
    .replace("export PATH=", `export PATH=${this.folder}/bin:`)
    .replaceAll("/etc/machine-id", `${this.folder}/machine-id`);
  readonly engine = new StubEngine(this.folder);
  readonly #program = join(this.folder, "program");

  constructor() {
    writeFileSync(this.#program, this.text);
    writeFileSync(join(this.folder, "machine-id"), `${this.machine}\n`);
    mkdirSync(this.state);
    mkdirSync(this.run);
  }

  /** Runs a verb to its end, by the program of a stack, as if a session had installed it. */
  verb(stack: string, verb: string, action: "apply" | "delete", stdin: string): Promise<VerbResult> {
    return this.startVerb(stack, verb, action, stdin).ended;
  }

  /** Starts a verb; `said` is its output for people so far. */
  startVerb(stack: string, verb: string, action: "apply" | "delete", stdin: string): RunningVerb {
    const child = this.#start(this.install(stack), [verb, action]);
    let said = "";
    child.stderr.on("data", (text: string | Buffer) => (said += text.toString()));
    return { said: () => said, ended: finish(child, stdin) };
  }

  /** Runs a piece of bash in the program of a stack, as one of its verbs would. */
  source(stack: string, script: string): Promise<VerbResult> {
    const file = join(this.folder, "piece");
    writeFileSync(file, this.text.replace(/main "\$@"\n$/, `stack_places ${stack}\n${script}\n`));
    return finish(this.#start(file, []), "");
  }

  /** Installs the program as a session would, and returns its path. */
  install(stack: string): string {
    const place = join(this.stackState(stack), "slipway");
    mkdirSync(this.stackState(stack), { recursive: true });
    copyFileSync(this.#program, place);
    return place;
  }

  /**
   * Connects for a stack as a run does, without a lease. The program is installed at `place` for it, if that is given.
   */
  attend(stack: string, place = this.#program): LocalRun {
    if (place !== this.#program) copyFileSync(this.#program, place);
    return new LocalRun(this.#start(place, ["attend", stack]));
  }

  /** Waits for another process. */
  async waitUntil(condition: () => boolean): Promise<void> {
    await vi.waitUntil(condition, { timeout: 20_000, interval: 20 });
  }

  /** Connects a run that has the lease. */
  async session(stack: string, id: string): Promise<LocalRun> {
    const run = this.attend(stack);
    await run.lease(id, `${id} of ${stack}`);
    return run;
  }

  stackState(stack: string): string {
    return join(this.state, "stacks", stack.replace("/", "@"));
  }

  stackRun(stack: string): string {
    return join(this.run, "stacks", stack.replace("/", "@"));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #start(program: string, words: readonly string[]): Child {
    const env = { ...process.env, SLIPWAY_STATE: this.state, SLIPWAY_RUN: this.run };
    return spawn("bash", [program, ...words], { env, stdio: ["pipe", "pipe", "pipe"] });
  }
}

const factSchema = z.looseObject({ fact: z.string() });

/** One line of the host's answer, as JSON. */
export type Fact = z.infer<typeof factSchema>;

/** The host's end of a run's connection. */
export class LocalRun {
  readonly ended: Promise<VerbResult>;
  readonly #child: Child;
  readonly #facts: Fact[] = [];
  readonly #alive: NodeJS.Timeout;
  #left = "";
  #said = "";
  #heard: () => void = () => undefined;

  constructor(child: Child) {
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    child.stderr.on("data", (text: string | Buffer) => (this.#said += text.toString()));
    this.ended = finish(child);
    this.#alive = setInterval(() => this.tell("alive"), 100).unref();
    void this.ended.then(() => this.beSilent());
  }

  /** Stops the signs of life, as if the connection were cut. */
  beSilent(): void {
    clearInterval(this.#alive);
  }

  /** Output for people so far. */
  get said(): string {
    return this.#said;
  }

  tell(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Stages a value as the runner does. */
  stage(name: string, value: string | Buffer): void {
    this.tell(`secret ${name} ${Buffer.from(value).toString("base64")}`);
  }

  /** Takes the lease; fails with the server's message if it does not get it. */
  async lease(id: string, holder: string, patience = 1): Promise<void> {
    this.tell(`lease ${patience} ${id} ${holder}`);
    await this.until("session");
  }

  /** Allows the session to remove objects of a protected stack. */
  async allowRemoval(...objects: readonly string[]): Promise<void> {
    for (const object of objects) {
      this.tell(`remove ${object}`);
      await this.until("removable");
    }
  }

  /** Protects an object from the deletes of this run. */
  async keep(object: string): Promise<void> {
    this.tell(`keep ${object}`);
    await this.until("kept");
  }

  /** Collects everything that the server answers to `observe`. */
  async observe(...wants: readonly string[]): Promise<Fact[]> {
    for (const want of [...wants, "observe"]) this.tell(want);
    return await this.until("observed");
  }

  /** Waits for one fact and returns those before it. */
  async until(name: string): Promise<Fact[]> {
    for (;;) {
      const at = this.#facts.findIndex(({ fact }) => fact === name);
      if (at >= 0) return this.#facts.splice(0, at + 1).slice(0, -1);
      const heard = new Promise<boolean>((resolve) => (this.#heard = () => resolve(true)));
      const ended = this.ended.then(() => false);
      if (!(await Promise.race([heard, ended])) && !this.#facts.some(({ fact }) => fact === name)) {
        throw new Error((await this.ended).stderr);
      }
    }
  }

  kill(signal: NodeJS.Signals): Promise<VerbResult> {
    this.#child.kill(signal);
    return this.ended;
  }

  end(): Promise<VerbResult> {
    this.beSilent();
    this.#child.stdin.end();
    return this.ended;
  }

  #hear(text: string): void {
    const lines = (this.#left + text).split("\n");
    this.#left = lines.pop() ?? "";
    this.#facts.push(...lines.map((line) => factSchema.parse(JSON.parse(line))));
    this.#heard();
  }
}

function finish(child: Child, stdin?: string): Promise<VerbResult> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined);
  if (stdin !== undefined) child.stdin.end(stdin);
  return new Promise((resolve) => {
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
