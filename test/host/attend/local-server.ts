import { Buffer } from "node:buffer";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { onTestFinished, vi } from "vitest";
import { z } from "zod";
import { stackPlaces } from "../../../host/places.ts";
import { parseNumber } from "../../../model/document/number.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import { StackState } from "../../../host/state/stack-state.ts";

export const staging = "shop/staging";
export const production = "shop/production";

const entry = new URL("start.ts", import.meta.url).pathname;
const answerSchema = z.looseObject({ to: z.string(), message: z.string().optional() });
const verbAnswerSchema = z.object({ outcome: z.string() });

/** How a process of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** The program of a server, each door a process of its own, with its folders in a place that goes with the test. */
export class LocalServer {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-server-"));
  readonly places = { state: join(this.folder, "state"), run: join(this.folder, "run") };

  constructor() {
    mkdirSync(this.places.state);
    mkdirSync(this.places.run);
    onTestFinished(() => rmSync(this.folder, { recursive: true }));
  }

  /** Connects for a stack as a run does, without the lease. */
  attend(stack = staging, env: Readonly<Record<string, string>> = {}): Attended {
    return new Attended(this.start(["attend", stack, nonce], env));
  }

  /** Connects a run that has the lease. */
  async session(run: string, stack = staging, env: Readonly<Record<string, string>> = {}): Promise<Attended> {
    const attended = this.attend(stack, env);
    await attended.lease(run, `${run} of ${stack}`);
    return attended;
  }

  /** Starts a verb. */
  verb(action: "apply" | "delete", text: string, stack = staging, env: Readonly<Record<string, string>> = {}): Verb {
    const [, kind = ""] = /^kind: '(.*)'$/m.exec(text) ?? [];
    return new Verb(this.start(["verb", stack, kind, action], env), text);
  }

  async apply(text: string, stack = staging): Promise<string> {
    return await this.verb("apply", text, stack).outcome();
  }

  async delete(text: string, stack = staging): Promise<string> {
    return await this.verb("delete", text, stack).outcome();
  }

  /** A document of the stack's directory. */
  directory(number: string, resource = "directory"): string {
    const body = { path: join(this.folder, "app"), owner: userInfo().username, mode: "0750" };
    return writeDocument({ kind: "directory", resource, body }, parseNumber(number));
  }

  start(words: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
    return spawn(process.execPath, [entry, ...words], {
      env: { PATH: process.env["PATH"], TEST_FOLDER: this.folder, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  state(stack = staging): StackState {
    return new StackState(stackPlaces(this.places, stack));
  }

  stackState(stack = staging): string {
    return stackPlaces(this.places, stack).stackState;
  }

  /** Everything in the memory of a stack. */
  memory(stack = staging): string[] {
    return readdirSync(stackPlaces(this.places, stack).stackRun);
  }

  /** The folder of the run that attends the server. */
  runFolder(stack = staging): string {
    const [name = ""] = this.memory(stack).filter((one) => one.startsWith("run."));
    return join(stackPlaces(this.places, stack).stackRun, name);
  }

  log(stack = staging): string {
    return readFileSync(join(this.stackState(stack), "log"), "utf8");
  }
}

export const nonce = "0123456789abcdef";

/** A process with everything that it printed so far. */
class Process {
  readonly child: Child;
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";

  constructor(child: Child) {
    this.child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    child.stdin.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      child.once("close", (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await this.ended;
    });
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<Ended> {
    this.child.kill(signal);
    return await this.ended;
  }
}

/** A verb at work. */
export class Verb extends Process {
  constructor(child: Child, text: string) {
    super(child);
    child.stdin.end(text);
  }

  /** The outcome, or what it told people if it failed. */
  async outcome(): Promise<string> {
    const { code, stdout, stderr } = await this.ended;
    return code === 0 ? verbAnswerSchema.parse(JSON.parse(stdout)).outcome : stderr;
  }

  /** Waits until the verb has stopped itself at a step. */
  async stops(): Promise<void> {
    await waitUntil(() => / T /.test(readFileSync(`/proc/${this.child.pid ?? 0}/stat`, "utf8")));
  }

  goOn(): void {
    this.child.kill("SIGCONT");
  }
}

/** The run's end of a connection. */
export class Attended extends Process {
  #taken = 0;
  readonly #alive = setInterval(() => this.send({ do: "alive" }), 100);

  constructor(child: Child) {
    super(child);
    void this.ended.then(() => this.beSilent());
  }

  /** Stops the signs of life, as if the connection were cut without an end. */
  beSilent(): void {
    clearInterval(this.#alive);
  }

  send(request: Readonly<Record<string, unknown>>): void {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
  }

  stage(name: string, value: string): void {
    this.send({ do: "secret", name, value: Buffer.from(value).toString("base64") });
  }

  async ask(request: Readonly<Record<string, unknown>> & { readonly do: string }): Promise<unknown> {
    this.send(request);
    return await this.answer(request.do);
  }

  async lease(run: string, holder: string, seconds = 1): Promise<void> {
    await this.ask({ do: "lease", run, holder, seconds, job: "" });
  }

  /** Waits for the next answer of a kind; an error is thrown. */
  async answer(to: string): Promise<unknown> {
    let over = false;
    void this.ended.then(() => (over = true));
    const find = (): number =>
      this.answers.findIndex((one, at) => at >= this.#taken && (one.to === to || one.to === "error"));
    await waitUntil(() => find() >= 0 || over);
    const at = find();
    const found = this.answers[at];
    if (found === undefined) throw new Error(`ended without an answer: ${this.stderr}`);
    this.#taken = at + 1;
    if (found.to === "error" && to !== "error") throw new Error(found.message);
    return found;
  }

  /** All answers so far; what is cut yet is left out. */
  get answers(): z.infer<typeof answerSchema>[] {
    const lines = this.stdout.split("\n").slice(0, -1);
    return lines.map((line) => answerSchema.parse(JSON.parse(line.replace(`${nonce} `, ""))));
  }

  /** Says that the run is over, and waits for the end of the process. */
  async end(): Promise<Ended> {
    this.send({ do: "end" });
    return await this.ended;
  }

  /** Closes the connection, as the death of the run does. */
  async cut(): Promise<Ended> {
    this.beSilent();
    this.child.stdin.end();
    return await this.ended;
  }
}

export async function waitUntil(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 20_000, interval: 20 });
}
