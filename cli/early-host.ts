import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type Server } from "node:net";
import { keylessEnvironment } from "../process/environment.ts";
import { bundle, bundleFile } from "../toolchain/bundle.ts";
import { here } from "../toolchain/cache/place.ts";
import { earlyProgram } from "../toolchain/early/bundle.ts";
import type { Call } from "./commands/command.ts";
import { runsOurProgram } from "./own-program.ts";
import { shortStackName } from "./stack/stack-name.ts";
import { waits } from "./waits.ts";

const plugin = "language-nodejs";

/** Options of Pulumi that say themselves how the program runs. */
const ownRunOptions = ["--client", "--attach-debugger", "--tracing"];

/** Options of Pulumi with which a run has another configuration than the stack's file: that names no servers then. */
const configOptions = ["--config-file", "--config", "-c", "--config-path"];

/** Milliseconds for a host to end with its program, once Pulumi has ended. */
const endTimeout = 15_000;

/**
 * The language host of an operation, started before Pulumi: it loads our program while the engine starts. With it the
 * engine itself needs no key of servers or files, since it gives its environment to no program of ours.
 */
export class EarlyHost {
  readonly #child: ChildProcess;
  /** The words that lead Pulumi to this host. */
  readonly words: readonly string[];

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.words = ["--client", `127.0.0.1:${port}`];
  }

  /** Starts the host of a call; undefined for a project that runs another program, or runs ours in another way. */
  static async start(call: Call): Promise<EarlyHost | undefined> {
    if (hasOption(call, ownRunOptions) || !runsOurProgram(call.folder)) return undefined;
    await bundle(plugin, here);
    const words = [bundleFile(plugin, here), "--early", await earlyProgram(), ...earlyStack(call)];
    // A process group of its own, since the terminal would send it a Ctrl-C, which is for Pulumi to handle.
    const options = { cwd: call.folder, env: call.environment, detached: true } as const;
    const child = spawn(process.execPath, words, { ...options, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    return new EarlyHost(child, await listenFor(child));
  }

  /** Ends the host, once Pulumi has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.connected) this.#child.disconnect();
    const late = setTimeout(() => this.#child.kill("SIGKILL"), endTimeout);
    await waits.during("waits for the end of the program", () => ended);
    clearTimeout(late);
  }
}

/** Listens in the place of a host that still starts, so that Pulumi need not wait for it. Returns the port. */
async function listenFor(host: ChildProcess): Promise<number> {
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(portOf(server)));
  });
  await new Promise<void>((resolve, reject) => {
    host.once("error", reject);
    host.send("listen", server, (error) => (error === null ? resolve() : reject(error)));
  });
  server.close(); // the host has the socket now
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  return address.port;
}

/** What Pulumi gets of a host: the words that lead to it, and an environment without keys, since it runs no program. */
export function clientOf(host: EarlyHost | undefined, environment: NodeJS.ProcessEnv) {
  if (host === undefined) return { words: [], environment };
  return { words: host.words, environment: keylessEnvironment(environment) };
}

/** The stack whose file names the servers of a call; none if the run has another configuration than that file. */
export function earlyStack(call: Pick<Call, "stack" | "words">): readonly string[] {
  return call.stack === undefined || hasOption(call, configOptions) ? [] : [shortStackName(call.stack)];
}

/** Pulumi takes the value of a short option also in the same word: `-ckey=value`. */
function hasOption({ words }: Pick<Call, "words">, options: readonly string[]): boolean {
  const isOption = (word: string, option: string): boolean =>
    word === option || word.startsWith(option.startsWith("--") ? `${option}=` : option);
  return words.some((word) => options.some((option) => isOption(word, option)));
}
