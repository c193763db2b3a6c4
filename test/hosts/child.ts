import { spawn } from "node:child_process";
import { ToolProblem } from "../../toolchain/problem.ts";

/** What a child process left behind. */
export interface Result {
  /** Exit code; 127 where the command does not exist, 137 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a child process is run. */
export interface ChildOptions {
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Milliseconds after which the child is killed. */
  readonly deadline?: number;
}

/** Runs a program to its end, whatever its exit code, with what it wrote kept apart. */
export function run(words: readonly string[], options: ChildOptions = {}): Promise<Result> {
  const [command = "", ...rest] = words;
  const child = spawn(command, rest, {
    env: options.env ?? process.env,
    cwd: options.cwd,
    timeout: options.deadline,
    killSignal: "SIGKILL",
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A child that does not read its input is no fault of the caller.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString();
  return new Promise((done) => {
    child.on("error", (error) => done({ code: 127, stdout: "", stderr: error.message }));
    child.on("close", (code) => done({ code: code ?? 137, stdout: text(stdout), stderr: text(stderr) }));
  });
}

/** Runs a program that must succeed and gives what it printed, without the last line's end. */
export async function must(words: readonly string[], options: ChildOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(words, options);
  if (code === 0) return stdout.trimEnd();
  const end = `${stdout}${stderr}`.trimEnd().split("\n").slice(-20).join("\n");
  throw new ToolProblem(`${words.slice(0, 12).join(" ")}: ended with code ${code}\n${end}`);
}
