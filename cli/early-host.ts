import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "yaml";
import { z } from "zod";
import { keylessEnvironment } from "../process/environment.ts";
import { bundle, bundleFile } from "../toolchain/bundle.ts";
import { here } from "../toolchain/cache/place.ts";
import { checkout } from "../toolchain/paths.ts";
import type { Call } from "./commands/command.ts";
import { readProject } from "./pulumi.ts";
import { shortStackName } from "./stack-name.ts";

const plugin = "language-nodejs";

/** Options of Pulumi that say themselves how the program runs. */
const ownRunOptions = ["--client", "--attach-debugger", "--tracing"];

/** What a Pulumi.yaml says of a program that runs as ours does. */
const programSchema = z.object({
  main: z.string(),
  runtime: z.object({ name: z.literal("nodejs"), options: z.strictObject({ typescript: z.literal(false) }) }),
});

/**
 * The language host of an operation, started before Pulumi: it loads our program while the engine starts. With it the
 * engine itself needs no key of servers or files, since it gives its environment to no program of ours.
 */
export class EarlyHost {
  readonly #child: ChildProcess;
  readonly #port: Promise<string>;

  private constructor(child: ChildProcess, port: Promise<string>) {
    this.#child = child;
    this.#port = port;
  }

  /** Starts the host of a call; undefined for a project that runs another program, or runs ours in another way. */
  static async start(call: Call): Promise<EarlyHost | undefined> {
    if (!runsOurProgram(call)) return undefined;
    await bundle(plugin, here);
    const stack = call.stack === undefined ? [] : [shortStackName(call.stack)];
    const words = [bundleFile(plugin, here), "--early", join(checkout, "early-program.ts"), ...stack];
    // A process group of its own, since the terminal would send it a Ctrl-C, which is for Pulumi to handle.
    const options = { cwd: call.folder, env: call.environment, detached: true } as const;
    const child = spawn(process.execPath, words, { ...options, stdio: ["pipe", "pipe", "inherit"] });
    child.stdin.on("error", () => undefined);
    const port = new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("error", reject).once("exit", () => reject(new Error("the language host ended before it was used")));
    });
    port.catch(() => undefined); // who asks for the words gets the reason
    return new EarlyHost(child, port);
  }

  /** The words that lead Pulumi to this host. */
  async words(): Promise<readonly string[]> {
    return ["--client", `127.0.0.1:${await this.#port}`];
  }

  /** Ends the host, once Pulumi has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    await ended;
  }
}

/** What Pulumi gets of a host: the words that lead to it, and an environment without keys, since it runs no program. */
export async function clientOf(host: EarlyHost | undefined, environment: NodeJS.ProcessEnv) {
  if (host === undefined) return { words: [], environment };
  return { words: await host.words(), environment: keylessEnvironment(environment) };
}

/** True if a project runs the program of this checkout in the usual way. */
function runsOurProgram(call: Call): boolean {
  const { words } = call;
  if (words.some((word) => ownRunOptions.some((option) => word === option || word.startsWith(`${option}=`))))
    return false;
  const { folder } = readProject(call);
  const program = programSchema.safeParse(parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8"))).data;
  return program !== undefined && realPath(resolve(folder, program.main)) === realPath(join(checkout, "index.ts"));
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined; // Pulumi says that there is no such program
  }
}
