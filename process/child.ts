import { spawn } from "node:child_process";

/** What a program left behind. */
export interface Ended {
  /** 127 where there is no such program, 1 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface ChildOptions {
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Runs a program to its end and gives what it wrote. Secrets go by stdin, never among the words. */
export function runChild(words: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  const [command = "", ...rest] = words;
  const child = spawn(command, rest, { env: options.env ?? process.env, cwd: options.cwd });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined); // a program that does not read its input is no fault of ours
  child.stdin.end(options.stdin ?? "");
  return new Promise((done) => {
    child.once("error", (error) => done({ code: 127, stdout, stderr: error.message }));
    child.once("close", (code) => done({ code: code ?? 1, stdout, stderr }));
  });
}
