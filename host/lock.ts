import { spawn } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { systemCode } from "./failure.ts";

/** How a lock is asked for. */
export interface LockRequest {
  /** Several processes may hold it at the same time. @default false */
  readonly shared?: boolean;
  /** Seconds to wait for it, which may be without end; 0 asks once. @default 0 */
  readonly seconds?: number;
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

/** A kernel lock on a file: it ends with the process that holds it, however that ends. */
export class Lock implements Disposable {
  #fd: number | undefined;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Takes a lock; undefined if others hold it for the whole time. Throws the signal's reason if that ends the wait. */
  static async take(path: string, request: LockRequest = {}): Promise<Lock | undefined> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    const code = await flock(fd, request);
    if (code === 0) return new Lock(fd);
    closeSync(fd);
    request.signal?.throwIfAborted();
    if (code === 1) return undefined;
    throw broken(path, code);
  }

  /**
   * Tells whether a process holds the lock exclusively; false where there is no such file. Throws if flock fails,
   * because callers delete the folders of dead processes.
   */
  static async isHeld(path: string): Promise<boolean> {
    let fd: number;
    try {
      fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return false;
      throw error;
    }
    try {
      const code = await flock(fd, { shared: true });
      if (code > 1) throw broken(path, code);
      return code === 1;
    } finally {
      closeSync(fd);
    }
  }

  /** Lets the lock go. A second time does nothing: the descriptor may be that of another file by then. */
  [Symbol.dispose](): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

function broken(path: string, code: number): Error {
  return new Error(`flock of '${path}' ended with ${code}; look for a lack of memory or of open files`);
}

/** Node has no flock(2). `flock` locks the inherited descriptor; this process keeps the lock. */
function flock(fd: number, { shared = false, seconds = 0, signal }: LockRequest): Promise<number> {
  const words = [shared ? "--shared" : "--exclusive", ...flockWait(seconds), "3"];
  const child = spawn("flock", words, { stdio: ["ignore", "ignore", "ignore", fd] });
  const stop = (): void => void child.kill("SIGKILL");
  signal?.addEventListener("abort", stop);
  if (signal?.aborted === true) stop();
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  }).finally(() => signal?.removeEventListener("abort", stop));
}

function flockWait(seconds: number): string[] {
  if (seconds === 0) return ["--nonblock"];
  return seconds === Infinity ? [] : ["--timeout", String(seconds)];
}
