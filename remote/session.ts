import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { Connection } from "../model/connection.ts";
import { quoteWords } from "../model/shell.ts";
import type { HostProgram } from "./program.ts";
import { sshCommand } from "./ssh.ts";

/** Who opens a session, where, and for which stack. */
export interface SessionRequest {
  readonly connection: Connection;
  readonly program: HostProgram;
  /** `project/stack`. */
  readonly stack: string;
  /** Tells this run's session from any other. */
  readonly run: string;
  /** One line for whoever has to wait: stack, person, job, since when. */
  readonly holder: string;
  /** Seconds to wait for the lease of the server, and for verbs of a dead run. */
  readonly patience: number;
}

/** An open session: it ends with this process, however that ends. */
export interface Session {
  /** Stages a value that no document may carry; the server keeps it in memory, for this run only. */
  stage(name: string, value: string): void;
  /** Ends the session and waits until the server has let the lease go. */
  close(): Promise<void>;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Well below the silence after which the server takes this end for dead. */
const aliveEvery = 5_000;

/**
 * What the server runs first: it takes the program off the start of its stdin and runs it with the rest. Words of a few letters, so that any login shell
 * passes them on.
 */
function receive(request: SessionRequest): string {
  const { connection, program, stack, patience, run, holder } = request;
  const size = String(Buffer.byteLength(program.text));
  const script = `program=$(mktemp) && head -c ${size} >"$program" && exec bash "$program" "$@"`;
  const words = ["bash", "-c", script, "slipway", "session", stack, String(patience), run, holder];
  return quoteWords(connection.user === "root" ? words : ["sudo", "-n", ...words]);
}

/** Opens a session, or rejects with what the server said. */
export async function openSession(request: SessionRequest): Promise<Session> {
  const [command = "ssh", ...words] = sshCommand(request.connection, receive(request));
  const child = spawn(command, words, { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.stdin.on("error", () => undefined); // what went wrong is told by the end of the process
  child.stdin.write(request.program.text);
  await untilOpen(child, request.run);
  return keepOpen(child, ended);
}

function untilOpen(child: Child, run: string): Promise<void> {
  let said = "";
  let answer = "";
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
      if (answer.includes(`session open ${run}\n`)) resolve();
    });
    child.once("error", reject);
    child.once("close", (code) => {
      reject(
        new Error(`the session did not open (ssh ended with ${String(code)}): ${said.trim() || "nothing was said"}`),
      );
    });
  });
}

/** From here on nothing of the session keeps Node running; it ends when the process does. */
function keepOpen(child: Child, ended: Promise<void>): Session {
  const alive = setInterval(() => child.stdin.write("alive\n"), aliveEvery);
  alive.unref();
  child.unref();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) {
    if (pipe instanceof Socket) pipe.unref();
  }
  return {
    stage: (name, value) => void child.stdin.write(`secret ${name} ${Buffer.from(value).toString("base64")}\n`),
    close: async () => {
      clearInterval(alive);
      child.stdin.end("end\n");
      child.ref();
      await ended;
    },
  };
}
