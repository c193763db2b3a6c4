import { spawn, type ChildProcessByStdio } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { Connection } from "../model/connection.ts";
import { parseJson } from "../model/json.ts";
import { childEnvironment } from "../process/environment.ts";
import { commandOn, endReason } from "./command/command-on.ts";
import { ServerFault } from "./server-fault.ts";

/** Everything that one ssh process is made from. */
interface PipeOptions {
  readonly connection: Connection;
  /** Writes the command line for a nonce. */
  readonly command: (nonce: string) => string;
  /** Writes a first line for a nonce, for a command that reads its words from its input. */
  readonly words?: (nonce: string) => string;
  /** Environment of ssh; it names the agent that holds the key. */
  readonly environment: NodeJS.ProcessEnv;
  /** Takes each line that the server says for people. */
  readonly say: (line: string) => void;
  /** Takes what the server tells beside its answers, as JSON. */
  readonly hear?: ((value: unknown) => void) | undefined;
  /** Tells whether Node must wait for an answer; it asks at the beginning of each wait. @default it must */
  readonly keepsNode?: (() => boolean) | undefined;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Characters of a line, far more than an observation of a hundred services has: a server may be hostile. */
const longestLine = 64 * 1024 * 1024;

/** Lines for people that are kept: the last ones give the reason of an end. */
const mostSaid = 1_000;

const installing = "install OpenSSH's client, or util-linux where slipway runs on the server itself";

/** Bytes of an upload that are written at once. */
const chunk = 65_536;

/**
 * One ssh process that carries lines to a server and back. It ends when this process ends, however that happens. Lines
 * of the server count only behind the nonce of this connection: a login shell may print others (F9).
 */
export class HostPipe {
  readonly #child: Child;
  readonly #nonce = randomBytes(12).toString("hex");
  readonly #lines: AsyncGenerator<string, undefined>;
  readonly #ended: Promise<Error>;
  readonly #connection: Connection;
  /** The lines for people; kept until the first answer, since they may be ssh's own about a failed connection. */
  readonly #said: string[] = [];
  readonly #say: (line: string) => void;
  readonly #hearValue: (value: unknown) => void;
  readonly #keepsNode: () => boolean;
  #answered = false;

  constructor(options: PipeOptions) {
    const { connection, command, words: given, environment, say, hear = ignore, keepsNode = () => true } = options;
    const [name = "", ...words] = commandOn(connection, command(this.#nonce));
    this.#connection = connection;
    this.#say = say;
    this.#hearValue = hear;
    this.#keepsNode = keepsNode;
    this.#child = spawn(name, words, { stdio: ["pipe", "pipe", "pipe"], env: childEnvironment(environment) });
    this.#child.stdin.on("error", () => undefined); // the end of the process gives the reason
    void this.#hearAll();
    this.#lines = linesOf(this.#child.stdout);
    this.#ended = this.#end();
    letNodeExit(this.#child);
    if (given !== undefined) this.#child.stdin.write(`${given(this.#nonce)}\n`);
  }

  /** True until ssh ends. */
  get isOpen(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The next line of the server's program, as JSON. Ends the connection if there is none for so many milliseconds. */
  async next(milliseconds: number): Promise<unknown> {
    return await this.#within(milliseconds, async () => {
      for (;;) {
        const { value } = await this.#lines.next();
        if (value === undefined) throw await this.#ended;
        const text = this.#jsonIn(value);
        if (text !== undefined) return this.#read(text);
      }
    });
  }

  /** Sends a value in one line. */
  send(value: object): void {
    this.#child.stdin.write(`${JSON.stringify(value).replaceAll(/[\u2028\u2029]/g, escapeSeparator)}\n`);
  }

  /** Sends a line and then bytes. Ends the connection if no byte is taken for so many milliseconds. */
  async upload(
    line: string,
    bytes: Uint8Array,
    { milliseconds, sent }: { readonly milliseconds: number; readonly sent: (bytes: number) => void },
  ): Promise<void> {
    this.#child.stdin.write(`${line}\n`);
    for (let from = 0; from < bytes.length; from += chunk) {
      sent(from);
      if (this.#child.stdin.write(bytes.subarray(from, from + chunk))) continue;
      await this.#within(milliseconds, () => Promise.race([this.#drained(), this.#throwEnd()]));
    }
  }

  /** Ends ssh at once. The server reads the end of its input, and settles what is open. */
  abandon(): void {
    this.#child.kill("SIGTERM");
  }

  /** Lets the server read the end of its input, and waits for the end of ssh, but not longer than this. */
  async end(milliseconds: number): Promise<void> {
    this.#child.stdin.end();
    await this.#within(milliseconds, async () => {
      await this.#readRest();
      await this.#ended;
    });
  }

  /** Reads what a login shell prints after the last answer: until then, the end of ssh is not told. */
  async #readRest(): Promise<void> {
    try {
      while ((await this.#lines.next()).done !== true);
    } catch {
      // It broke off, which the end of ssh tells.
    }
  }

  /** Resolves when ssh has taken what was written; never if it ends before. */
  #drained(): Promise<unknown> {
    return new Promise((resolve) => this.#child.stdin.once("drain", resolve));
  }

  async #throwEnd(): Promise<never> {
    throw await this.#ended;
  }

  async #hearAll(): Promise<void> {
    try {
      // ssh ends its own lines with a carriage return, too
      for await (const line of linesOf(this.#child.stderr)) this.#hear(line.replace(/\r$/, ""));
    } catch {
      this.#child.kill("SIGKILL"); // an endless line, or what broke off with ssh, which tells the reason
    }
  }

  #jsonIn(line: string): string | undefined {
    const at = line.indexOf(`${this.#nonce} {`);
    return at < 0 ? undefined : line.slice(at + this.#nonce.length + 1);
  }

  #hear(line: string): void {
    const text = this.#jsonIn(line);
    if (text !== undefined) {
      this.#hearValue(parseJson(text));
      return;
    }
    this.#said.push(line);
    if (this.#said.length > mostSaid) this.#said.shift();
    if (this.#answered) this.#say(line);
  }

  #read(text: string): unknown {
    if (!this.#answered) this.#said.forEach((line) => this.#say(line));
    this.#answered = true;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(`the server answered with a line that is cut or altered: ${text.slice(0, 200)}`, {
        cause: error,
      });
    }
  }

  /** Ends ssh if an act takes too long. Only this timer keeps Node running while it waits. */
  async #within<Result>(milliseconds: number, act: () => Promise<Result>): Promise<Result> {
    const late = setTimeout(() => this.#child.kill("SIGKILL"), milliseconds);
    if (!this.#keepsNode()) late.unref();
    try {
      return await act();
    } finally {
      clearTimeout(late);
    }
  }

  /** Resolves to the reason when ssh has ended. */
  #end(): Promise<Error> {
    return new Promise((resolve) => {
      this.#child.once("error", ({ message }) =>
        resolve(new ServerFault(`${this.#child.spawnfile} does not start on this machine: ${message}`, installing)),
      );
      this.#child.once("close", (code, signal) => {
        this.#hearValue({ progress: [] });
        const end = { code: code ?? undefined, signal: signal ?? undefined, said: this.#said };
        resolve(this.#answered ? lostConnection(end) : endReason(end, this.#connection));
      });
    });
  }
}

function ignore(): void {
  // Nobody wants to know.
}

/** The reason why a connection ended after the server had answered. */
function lostConnection({
  code,
  signal,
  said,
}: {
  code?: number | undefined;
  signal?: string | undefined;
  said: readonly string[];
}): Error {
  return new Error(said.slice(-5).join("\n") || `ssh ended without output (${signal ?? `exit code ${String(code)}`})`);
}

function escapeSeparator(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}

/** Lets Node exit while the connection is open; the connection then ends with the process. */
function letNodeExit(child: Child): void {
  child.unref();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) {
    if (pipe instanceof Socket) pipe.unref();
  }
}

/**
 * Reads text line by line. Node's readline also ends a line at the separators U+2028 and U+2029, which JSON leaves as
 * they are: the name of a container could break an answer.
 */
async function* linesOf(input: Readable): AsyncGenerator<string, undefined> {
  input.setEncoding("utf8");
  let rest = "";
  for await (const part of input) {
    const lines = (rest + String(part)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length > longestLine) throw new Error(`the server sent a line of more than ${longestLine} characters`);
  }
  if (rest !== "") yield rest;
  return undefined;
}
