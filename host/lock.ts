import { spawn } from "node:child_process";
import { closeSync, constants, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

/** How a lock is asked for. */
export interface LockRequest {
  /** Several processes may hold it at the same time. @default false */
  readonly shared?: boolean;
  /** Seconds to wait for it; 0 asks once. @default 0 */
  readonly seconds?: number;
}

/** A kernel lock on a file: it ends with the process that holds it, however that ends. */
export class Lock implements Disposable {
  readonly #fd: number;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** Takes a lock; undefined if others hold it for the whole time. */
  static async take(path: string, { shared = false, seconds = 0 }: LockRequest = {}): Promise<Lock | undefined> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    const code = await flock(fd, shared, seconds);
    if (code === 0) return new Lock(fd);
    closeSync(fd);
    if (code === 1) return undefined;
    throw new Error(`flock of '${path}' ended with ${code}`);
  }

  /** Tells whether a process holds the lock exclusively; false where there is no such file. */
  static async isHeld(path: string): Promise<boolean> {
    let fd: number;
    try {
      fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch {
      return false;
    }
    try {
      return (await flock(fd, true, 0)) === 1;
    } finally {
      closeSync(fd);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

/** Node has no flock(2). The child locks the open file that it inherits, and the lock stays with this process. */
function flock(fd: number, shared: boolean, seconds: number): Promise<number> {
  const patience = seconds === 0 ? ["--nonblock"] : ["--timeout", String(seconds)];
  const words = [shared ? "--shared" : "--exclusive", ...patience, "3"];
  const child = spawn("flock", words, { stdio: ["ignore", "ignore", "ignore", fd] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 128));
  });
}
