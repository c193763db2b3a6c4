import { spawn, type ChildProcessByStdio } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { bundleHostProgram } from "../../remote/program.ts";

/** What a verb left behind. */
export interface VerbResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The host program with places of its own, on this machine instead of a server. */
export class LocalHost {
  readonly folder = mkdtempSync(join(tmpdir(), "slipway-host-"));
  readonly #program = join(this.folder, "program");

  constructor() {
    writeFileSync(this.#program, bundleHostProgram().text);
    for (const name of ["state", "run"]) mkdirSync(join(this.folder, name));
  }

  /** Runs a verb to its end. */
  run(words: readonly string[], stdin = ""): Promise<VerbResult> {
    const child = this.#start(words);
    child.stdin.end(stdin);
    return result(child);
  }

  /** Opens a session and waits until it says so, or ends. */
  async session(stack: string, id: string, patience = 1): Promise<LocalSession> {
    const child = this.#start(["session", stack, String(patience), id, `${id} of ${stack}`]);
    const ended = result(child);
    const opened = new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
    await Promise.race([opened, ended]);
    return { child, ended };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #start(words: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
    const env = { ...process.env, SLIPWAY_STATE: join(this.folder, "state"), SLIPWAY_RUN: join(this.folder, "run") };
    return spawn("bash", [this.#program, ...words], { env, stdio: ["pipe", "pipe", "pipe"] });
  }
}

/** An open session, until its stdin ends. */
export interface LocalSession {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<VerbResult>;
}

function result(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<VerbResult> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined);
  return new Promise((resolve) => {
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}
