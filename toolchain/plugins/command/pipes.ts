import { execFile } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
// Linux's flag for holding a file without opening it for reading or writing; Node has no constant for it.
const O_PATH = 0o10000000;

/** A pipe: our end is a stream, the child's end a file descriptor. */
interface Pipe {
  readonly ours: Socket;
  readonly theirs: number;
}

/**
 * The three pipes of a child process. Node's own pipes are sockets, which a command cannot reopen as /dev/stdin or
 * /dev/stderr. With the official plugin that works, so these are named pipes. Their names are deleted as soon as all
 * ends are open, so that a killed plugin leaves no files.
 */
export class Pipes {
  readonly stdin: Pipe;
  readonly stdout: Pipe;
  readonly stderr: Pipe;
  readonly #heldStdin: number;
  readonly #unblocking: NodeJS.Timeout;

  static async open(): Promise<Pipes> {
    const directory = await mkdtemp(join(tmpdir(), "slipway-command-"));
    try {
      await promisify(execFile)("mkfifo", ["-m", "600", "stdin", "stdout", "stderr"], { cwd: directory });
      return new Pipes(directory);
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  private constructor(directory: string) {
    const stdin = join(directory, "stdin");
    this.#heldStdin = openSync(stdin, O_PATH);
    this.stdin = toChild(stdin);
    this.stdout = fromChild(join(directory, "stdout"));
    this.stderr = fromChild(join(directory, "stderr"));
    this.#unblocking = setInterval(() => unblockReaders(`/proc/self/fd/${this.#heldStdin}`), 20);
  }

  /** Closes our copies of the child's ends, once the child has them. */
  handOver(): void {
    for (const { theirs } of [this.stdin, this.stdout, this.stderr]) closeSync(theirs);
  }

  /** Frees the pipes; call it when the child has ended. */
  close(): void {
    clearInterval(this.#unblocking);
    closeSync(this.#heldStdin);
    this.stdin.ours.destroy();
  }
}

/** Opens both ends. Opening a named pipe blocks until the other end is open, so ours, with O_NONBLOCK, comes first. */
function fromChild(path: string): Pipe {
  const ours = new Socket({ fd: openSync(path, O_RDONLY | O_NONBLOCK), readable: true, writable: false });
  return { ours, theirs: openSync(path, O_WRONLY) };
}

function toChild(path: string): Pipe {
  const both = openSync(path, O_RDWR);
  const theirs = openSync(path, O_RDONLY);
  const ours = new Socket({ fd: openSync(path, O_WRONLY | O_NONBLOCK), readable: false, writable: true });
  closeSync(both);
  return { ours, theirs };
}

/**
 * Opens and closes the write end. A command that opens /dev/stdin after all input was written would otherwise wait for
 * a writer for ever.
 */
function unblockReaders(path: string): void {
  try {
    closeSync(openSync(path, O_WRONLY | O_NONBLOCK));
  } catch {
    // no reader is waiting
  }
}
