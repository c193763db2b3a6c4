import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ToolProblem } from "./problem.ts";

interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Milliseconds after which the child is killed; without it, it may take as long as it needs. */
  readonly deadline?: number;
  /** Called with each line that the child writes, for progress. */
  readonly onLine?: (line: string) => void;
}

/** What a child process left behind. */
interface CommandResult {
  /** Exit code; 127 where the command does not exist, 1 where a signal ended it. */
  readonly code: number;
  readonly output: string;
}

/** Runs a command to its end and gives its exit code and all it wrote. */
export function tryCommand(words: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [command = "", ...rest] = words;
  const child = spawn(command, rest, {
    env: options.env ?? process.env,
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: options.deadline,
    killSignal: "SIGKILL",
  });
  const lines: string[] = [];
  const collect = (line: string) => {
    lines.push(line);
    options.onLine?.(line);
  };
  createInterface({ input: child.stdout }).on("line", collect);
  createInterface({ input: child.stderr }).on("line", collect);
  return new Promise((done) => {
    child.on("error", (error) => done({ code: 127, output: error.message }));
    child.on("close", (code) => done({ code: code ?? 1, output: lines.join("\n") }));
  });
}

/** Runs a command that must succeed; otherwise the problem shows the end of what it wrote. */
export async function runCommand(words: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, output } = await tryCommand(words, options);
  if (code === 0) return output;
  const end = output.split("\n").slice(-20).join("\n");
  throw new ToolProblem(`${words.join(" ")}: ended with code ${code}\n${end}`);
}
