import { execFile } from "node:child_process";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;
// Linux's way of holding a file without opening it for anything; Node does not name it.
const O_PATH = 0o10000000;

/** One end of a pipe is a stream of ours, the other a descriptor for the child. */
interface Pipe {
  readonly ours: Socket;
  readonly theirs: number;
}

/**
 * The three pipes of a child process. Those of Node are sockets, which a command cannot open anew as /dev/stdin or
 * /dev/stderr; with the official plugin such commands work, so these are named pipes. Once all ends are open their names
 * are not needed any more, and go at once: a plugin that is killed leaves nothing.
 */
export class Pipes {
  readonly stdin: Pipe;
  readonly stdout: Pipe;
  readonly stderr: Pipe;
  readonly #held: number;
  readonly #latecomers: NodeJS.Timeout;

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
    this.#held = openSync(stdin, O_PATH);
    this.stdin = toChild(stdin);
    this.stdout = fromChild(join(directory, "stdout"));
    this.stderr = fromChild(join(directory, "stderr"));
    this.#latecomers = setInterval(() => letIn(`/proc/self/fd/${this.#held}`), 20);
  }

  /** Leaves the child's ends to the child. */
  handOver(): void {
    for (const { theirs } of [this.stdin, this.stdout, this.stderr]) closeSync(theirs);
  }

  /** To be called when the child has ended. */
  close(): void {
    clearInterval(this.#latecomers);
    closeSync(this.#held);
    this.stdin.ours.destroy();
  }
}

/** Opening one end waits for the other, unless it says that it will not; the child's ends must be such that wait. */
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

/** Who opens /dev/stdin after the last of the input was written would wait for ever: a writer that comes and goes lets them in. */
function letIn(path: string): void {
  try {
    closeSync(openSync(path, O_WRONLY | O_NONBLOCK));
  } catch {
    // nobody reads any more
  }
}
