import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** A pipe between this process and a child: our end as a stream, the child's as a descriptor. */
export interface Pipe {
  readonly ours: Socket;
  readonly theirs: number;
}

/** The pipes of one child. */
export interface Pipes {
  readonly stdin: Pipe;
  readonly stdout: Pipe;
  readonly stderr: Pipe;
}

/**
 * Makes real pipes. Those of Node are sockets, which a command cannot open again as /dev/stdin or /dev/stderr;
 * commands that do so work with the official plugin.
 */
export async function openPipes(): Promise<Pipes> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-command-"));
  try {
    const paths = ["stdin", "stdout", "stderr"].map((name) => join(directory, name));
    await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
    const [stdin = "", stdout = "", stderr = ""] = paths;
    return { stdin: toChild(stdin), stdout: fromChild(stdout), stderr: fromChild(stderr) };
  } finally {
    await rm(directory, { recursive: true }); // open ends stay
  }
}

/** Opening one end of a pipe waits for the other, but for those that do not block; the child's end must block. */
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
