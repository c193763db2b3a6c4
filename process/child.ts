import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { Buffer } from "node:buffer";
import { constants } from "node:os";
import { createInterface } from "node:readline";

/** The end of a child process, with all that it wrote. */
export interface Ended {
  /** As a shell has it: 127 where there is no such program, 128 and the signal's number where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  /** The reason, if the program did not start. */
  readonly stderr: string;
  /** The bytes of stdout, for output that may be no text. */
  readonly bytes: Uint8Array;
  /** The reason, if the program did not end by itself. */
  readonly fault?: "not started" | "too late" | "too much output";
}

interface SyncOptions {
  /** @default the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @default the current folder */
  readonly cwd?: string;
}

/** Options of a child process. */
export interface ChildOptions extends SyncOptions {
  /** @default "" */
  readonly stdin?: string;
  /** Milliseconds after which the child is killed. Without it, the child takes as long as it needs. */
  readonly deadline?: number;
  /** Bytes of output after which the child is killed. Without it, there is no limit. */
  readonly limit?: number;
  /** Gives the child a process group of its own and kills all of it. A Ctrl-C does not reach such a child. */
  readonly group?: boolean;
  /** Gets each line of both outputs, for progress. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end, without a shell. Secrets go by stdin or the environment, never among the words. */
export function runChild(words: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  const [command = "", ...rest] = words;
  const { env = process.env, cwd, group = false, limit = Infinity, deadline, onLine } = options;
  const child = spawn(command, rest, { env, cwd, detached: group });
  let fault: Ended["fault"];
  const stop = (why: Ended["fault"]): void => {
    fault = why;
    kill(child, group);
  };
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let size = 0;
  const collect = (parts: Buffer[], part: Buffer): void => {
    parts.push(part);
    if ((size += part.length) > limit) stop("too much output");
  };
  child.stdout.on("data", (part: Buffer) => collect(stdout, part));
  child.stderr.on("data", (part: Buffer) => collect(stderr, part));
  if (onLine !== undefined)
    [child.stdout, child.stderr].forEach((input) => createInterface({ input }).on("line", onLine));
  child.stdin.on("error", () => undefined); // a program need not read its input
  child.stdin.end(options.stdin ?? "");
  const timer = deadline === undefined ? undefined : setTimeout(() => stop("too late"), deadline);
  return new Promise<Ended>((done) => {
    child.once("error", (error) => done(notStarted(error)));
    child.once("close", (code, signal) => {
      const end = ended(exitCode(code, signal), Buffer.concat(stdout), Buffer.concat(stderr));
      done(fault === undefined ? end : { ...end, fault });
    });
  }).finally(() => clearTimeout(timer));
}

/** Runs a program to its end while this process waits. */
export function runChildSync(words: readonly string[], options: SyncOptions = {}): Ended {
  const [command = "", ...rest] = words;
  const { env = process.env, cwd } = options;
  const { error, status, signal, stdout, stderr } = spawnSync(command, rest, { env, cwd, maxBuffer: Infinity });
  if (error !== undefined) return notStarted(error);
  return ended(exitCode(status, signal), stdout, stderr);
}

/** The exit code that a shell would give. */
export function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? (signal === null ? 1 : 128 + constants.signals[signal]);
}

function ended(code: number, stdout: Buffer, stderr: Buffer): Ended {
  return { code, stdout: stdout.toString(), stderr: stderr.toString(), bytes: stdout };
}

function notStarted({ message }: Error): Ended {
  return { code: 127, stdout: "", stderr: message, bytes: new Uint8Array(), fault: "not started" };
}

function kill(child: ChildProcess, group: boolean): void {
  if (!group || child.pid === undefined) {
    child.kill("SIGKILL");
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group ended by itself just now.
  }
}
