import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Buffer } from "node:buffer";
import { composeFileOf, systemPath } from "../../model/server-places.ts";

/** Bytes of Compose's words that are kept, from their end. */
const outputLimit = 64 * 1024;

/** Milliseconds between asking Compose to end and ending it. */
const killMilliseconds = 5000;

/** The part of its seconds for which a call waits for another process. */
const waiting = 0.8;

/** The exit code of flock where another process has the lock for the whole time. */
const locked = 75;

/** A compose project on the server. */
export interface ProjectPlace {
  readonly project: string;
  /** The folder of its compose file. */
  readonly directory: string;
  /** Present where this is the part of a project that starts after the release, which has a compose file of its own. */
  readonly after?: "release" | undefined;
  /** Services of the same project that are left alone, since another document starts them. @default none */
  readonly beside?: readonly string[];
  /** Path of the env file whose values its compose file gets. */
  readonly env?: string | undefined;
}

/** A call of Compose. */
interface ComposeCall {
  readonly place: ProjectPlace;
  readonly words: readonly string[];
  /** Seconds until it is ended. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** A file that Compose holds locked while it works, so that the Compose of a killed verb is never overtaken. */
  readonly lock: string;
}

/** How a call of Compose ended. */
export interface ComposeEnd {
  /** Undefined where it was ended. */
  readonly code: number | undefined;
  /** The end of everything that it printed. Secrets may be in it. */
  readonly output: string;
}

/** Runs Compose on a project. Values come from the env file alone, which cannot change how Compose itself works. */
export async function runCompose(call: ComposeCall): Promise<ComposeEnd> {
  const { place, words, seconds, signal, lock } = call;
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
  const flock = [
    "--exclusive",
    "--timeout",
    String(seconds * waiting),
    "--conflict-exit-code",
    String(locked),
    "--no-fork",
    lock,
  ];
  const child = spawn("flock", [...flock, "docker", "compose", ...placeWords(place), ...words], {
    env: composeEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of its own, which is ended as a whole
  });
  const output = new Tail();
  child.stdout.on("data", (part: Buffer) => output.add(part));
  child.stderr.on("data", (part: Buffer) => output.add(part));
  const code = await ended(child, AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]));
  return code === locked
    ? { code: undefined, output: "another process works on this project" }
    : { code, output: output.text };
}

/** The words by which Compose finds a project's files, and prints plain text. */
export function placeWords(place: ProjectPlace): readonly string[] {
  const { project, directory, env } = place;
  const form = ["--ansi", "never", "--progress", "plain"];
  const files = ["--file", join(directory, composeFileOf(place)), "--env-file", env ?? "/dev/null"];
  return [...form, "--project-name", project, "--project-directory", directory, ...files];
}

/** Neither root's own settings nor variables of a login reach Compose. */
export function composeEnvironment(): NodeJS.ProcessEnv {
  return {
    LC_ALL: "C",
    HOME: "/nonexistent",
    PATH: process.env["PATH"] ?? systemPath,
    DOCKER_CONFIG: "/nonexistent",
    COMPOSE_REMOVE_ORPHANS: "false",
    COMPOSE_IGNORE_ORPHANS: "true",
    COMPOSE_PROFILES: "",
  };
}

/** The exit code of a process; undefined where the signal ended it. */
async function ended(child: ChildProcess, signal: AbortSignal): Promise<number | undefined> {
  let late: NodeJS.Timeout | undefined;
  const kill = (): void => {
    endGroup(child, "SIGTERM");
    late = setTimeout(() => endGroup(child, "SIGKILL"), killMilliseconds);
  };
  if (signal.aborted) kill();
  signal.addEventListener("abort", kill, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(signal.aborted ? undefined : (code ?? 128)));
    });
  } finally {
    signal.removeEventListener("abort", kill);
    clearTimeout(late);
  }
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended in between.
  }
}

/** The end of a long text. */
class Tail {
  readonly #parts: Buffer[] = [];
  #length = 0;

  add(part: Buffer): void {
    this.#parts.push(part);
    this.#length += part.length;
    for (let [first] = this.#parts; first !== undefined; [first] = this.#parts) {
      if (this.#length - first.length < outputLimit) return;
      this.#parts.shift();
      this.#length -= first.length;
    }
  }

  get text(): string {
    return Buffer.concat(this.#parts).toString("utf8");
  }
}
