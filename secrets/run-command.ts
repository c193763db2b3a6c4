import { spawn } from "node:child_process";

interface CommandEnd {
  /** Undefined where it did not start. */
  readonly code: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Whether it was ended because its time was over. */
  readonly late: boolean;
}

interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly seconds: number;
}

/** More than any env document has. */
const mostBytes = 16 * 1024 * 1024;

/** Runs a program without a shell, for what it prints, with a deadline; its whole process group ends with it. */
export function runCommand(words: readonly string[], options: CommandOptions): Promise<CommandEnd> {
  const [command = "", ...rest] = words;
  const child = spawn(command, rest, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const stdout: Buffer[] = [];
  let stderr = "";
  let bytes = 0;
  let late = false;
  const end = (): void => {
    if (child.pid !== undefined) endGroup(child.pid);
  };
  const deadline = setTimeout(() => {
    late = true;
    end();
  }, options.seconds * 1000);
  child.stdout.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > mostBytes) end();
    else stdout.push(part);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-10_000)));
  return new Promise((done) => {
    const finish = (code: number | undefined): void => {
      clearTimeout(deadline);
      done({ code, stdout: Buffer.concat(stdout), stderr, late });
    };
    child.once("error", () => finish(undefined));
    child.once("close", (code) => finish(code ?? 1));
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended by itself in this moment.
  }
}
