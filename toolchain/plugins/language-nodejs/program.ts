import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import language from "@pulumi/pulumi/proto/language_pb.js";
import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb.js";
import type { EarlyProgram } from "./early-program.ts";

/** The SDK's exit code for an error that the user has already been shown. */
const bailed = 32;

/** Milliseconds after which a program that ignores an interrupt is killed. */
const interruptTimeout = 5000;

/** Milliseconds for the last lines of a program that ended; what it started may hold its output open for longer. */
const lastLinesTimeout = 1000;

/** A program that was started before the engine asked for it, and what shows the lines that it prints. */
interface EarlyStart {
  readonly program: EarlyProgram;
  readonly print: (line: string) => void;
  /** Resolves when everything that was printed is shown. */
  readonly shown: () => Promise<void>;
}

/** The user's program: a Node process that registers resources with the engine. */
export class Program {
  readonly #early: EarlyStart | undefined;
  #process: ChildProcess | undefined;

  /** Without an early start, each run starts a process. */
  constructor(early?: EarlyStart) {
    this.#early = early;
  }

  async run(request: language.RunRequest, engineAddress: string): Promise<language.RunResponse> {
    try {
      return await this.#end(this.#start(request, programArguments(request, engineAddress)));
    } catch (error) {
      return new language.RunResponse().setError(error instanceof Error ? error.message : String(error));
    }
  }

  /** Interrupts the program as Ctrl-C does, and kills it if it does not end. */
  async interrupt(): Promise<void> {
    this.#early?.program.end();
    const running = this.#process;
    if (running === undefined) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGINT");
    await Promise.race([ended, setTimeout(interruptTimeout, undefined, { ref: false })]);
    running.kill("SIGKILL"); // does nothing to a program that ended
  }

  /** Starts the SDK's script. */
  #start(request: language.RunRequest, script: readonly string[]): ChildProcess {
    const environment = configuration(request);
    const env = { ...process.env, ...environment };
    // The program inherits our stdout and stderr, which the engine shows line by line.
    if (this.#early === undefined)
      return spawn(process.execPath, [...nodeArguments(request.getInfo()), ...script], {
        env,
        stdio: ["ignore", "inherit", "inherit"],
      });
    const { program, print } = this.#early;
    const started = program.run(script, environment);
    // The second run of an operation starts its own process.
    const child = started ?? spawn(process.execPath, script, { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const input of [child.stdout, child.stderr]) if (input !== null) createInterface({ input }).on("line", print);
    return child;
  }

  async #end(child: ChildProcess): Promise<language.RunResponse> {
    this.#process = child;
    const closed = new Promise((resolve) => child.once("close", resolve));
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", resolve);
    });
    this.#process = undefined;
    await Promise.race([closed, setTimeout(lastLinesTimeout, undefined, { ref: false })]);
    await this.#early?.shown();
    return outcome(code);
  }
}

/** The engine's response for a program that ended; -1 means that a signal ended it. */
function outcome(code: number | null): language.RunResponse {
  if (code === 0) return new language.RunResponse();
  if (code === bailed) return new language.RunResponse().setBail(true);
  return new language.RunResponse().setError(`Program exited with non-zero exit code: ${code ?? -1}`);
}

/** The arguments of the SDK's script, and then those of the program. */
function programArguments(request: language.RunRequest, engineAddress: string): string[] {
  const info = request.getInfo() ?? new language.ProgramInfo();
  const options = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  return [
    runner(info.getProgramDirectory()),
    ...Object.entries(options).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint(),
    ...request.getArgsList(),
  ];
}

/** The SDK's script that runs a program, from the program's node_modules. */
function runner(programDirectory: string): string {
  try {
    return createRequire(join(programDirectory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    throw new Error("It looks like the Pulumi SDK has not been installed. Have you run pulumi install?");
  }
}

/** The two environment variables in which the SDK expects the stack's configuration. */
function configuration(request: language.RunRequest): { PULUMI_CONFIG: string; PULUMI_CONFIG_SECRET_KEYS: string } {
  const entries = request.getConfigMap().getEntryList();
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(entries.map(([key, value]) => [longKey(key), value]))),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

/** The long form of a key, `<namespace>:config:<name>`, which old and new SDKs understand. */
function longKey(key: string): string {
  return key.includes(":config:") ? key : key.replace(":", ":config:");
}

/** Node's arguments for a program, from `runtime.options` of Pulumi.yaml. Unsupported options are errors. */
function nodeArguments(info: ProgramInfo | undefined): string[] {
  const { typescript, nodeargs, ...others } = info?.getOptions()?.toJavaScript() ?? {};
  if (typescript !== false) {
    throw new Error(
      "runtime.options.typescript: the offline language host relies on Node's own TypeScript support, " +
        `got ${show(typescript ?? true)}; set it to false`,
    );
  }
  for (const [name, value] of Object.entries(others)) {
    throw new Error(
      `runtime.options.${name}: the offline language host does not support it, got ${show(value)}; ` +
        "remove it, or use the official one",
    );
  }
  if (nodeargs === undefined) return [];
  if (typeof nodeargs !== "string") throw new Error("nodeargs option must be a string");
  return words(nodeargs);
}

/** Splits a line into words as a shell does, with quotes and backslashes. */
function words(line: string): string[] {
  const found = line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? [];
  return found.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g, (_, double?: string, single?: string, escaped?: string) =>
      double === undefined ? (single ?? escaped ?? "") : double.replace(/\\(["\\])/g, "$1"),
    ),
  );
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
