import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { executableOnPath } from "../../../process/executable.ts";
import { cancellation } from "./cancellation.ts";
import type { Output } from "./output.ts";
import { Pipes } from "./pipes.ts";
import { systemError } from "./system-error.ts";

/** A program to start, with its environment and the target of its output. */
interface LocalProgram {
  readonly name: string;
  readonly words: readonly string[];
  readonly directory: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: string;
  readonly output: Output;
  /** Kills the program when it fires. */
  readonly signal: AbortSignal;
}

// The names of signals in Go and thus in the official plugin.
const signalNames: Readonly<Record<string, string>> = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGILL: "illegal instruction",
  SIGTRAP: "trace/breakpoint trap",
  SIGABRT: "aborted",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGKILL: "killed",
  SIGUSR1: "user defined signal 1",
  SIGSEGV: "segmentation fault",
  SIGUSR2: "user defined signal 2",
  SIGPIPE: "broken pipe",
  SIGALRM: "alarm clock",
  SIGTERM: "terminated",
};

/**
 * Runs a program until it has ended and all its descendants have closed its output. Returns a description of its
 * failure, or undefined.
 */
export async function runProgram(program: LocalProgram): Promise<string | undefined> {
  const pipes = await Pipes.open();
  const { stdin, stdout, stderr } = pipes;
  stdout.ours.on("data", (chunk: Buffer) => program.output.write("stdout", chunk));
  stderr.ours.on("data", (chunk: Buffer) => program.output.write("stderr", chunk));
  stdin.ours.on("error", () => undefined); // a program does not have to read its input
  const read = Promise.all([once(stdout.ours, "close"), once(stderr.ours, "close")]);
  const ended = exit(program, pipes);
  stdin.ours.end(program.stdin);
  pipes.handOver();
  const failure = await ended;
  await read;
  pipes.close();
  return failure;
}

/** Starts the program and waits for its exit. The errors have Go's words. */
async function exit(program: LocalProgram, pipes: Pipes): Promise<string | undefined> {
  let path = "";
  try {
    path = findExecutable(program.name);
    if (program.directory !== undefined) checkDirectory(program.directory);
  } catch (error) {
    return systemError(error);
  }
  // The operation may have been cancelled while the pipes were opened.
  if (program.signal.aborted) return cancellation(program.signal);
  try {
    const [code, signal] = await exitOf(start(path, program, pipes));
    if (signal !== null) return `signal: ${signalNames[signal] ?? signal}`;
    return code === 0 ? undefined : `exit status ${code ?? -1}`;
  } catch (error) {
    return `fork/exec ${path}: ${systemError(error)}`;
  }
}

function start(path: string, program: LocalProgram, { stdin, stdout, stderr }: Pipes): ChildProcess {
  const { name, words, directory, environment, signal } = program;
  const child = spawn(path, words, {
    argv0: name,
    cwd: directory,
    env: environment,
    stdio: [program.stdin === "" ? "ignore" : stdin.theirs, stdout.theirs, stderr.theirs],
  });
  const kill = (): void => void child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  child.once("exit", () => {
    signal.removeEventListener("abort", kill);
  });
  return child;
}

function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve([code, signal]));
  });
}

/** Finds a program as a shell does: on PATH, unless its name contains a slash. */
function findExecutable(name: string): string {
  if (name.includes("/")) return name;
  const found = executableOnPath(name, process.env["PATH"]);
  if (found === undefined) throw new Error(`exec: "${name}": executable file not found in $PATH`);
  return found;
}

/** Rejects a missing working directory; otherwise the error would say that the program is missing. */
function checkDirectory(directory: string): void {
  try {
    statSync(directory);
  } catch (error) {
    throw new Error(`chdir ${directory}: ${systemError(error)}`);
  }
}
