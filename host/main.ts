import { join } from "node:path";
import { attend } from "./attend/attend.ts";
import { observeInstalled } from "./attend/observe-installed.ts";
import { resume } from "./attend/resume.ts";
import { command } from "./command/command-door.ts";
import { EngineConnection } from "./docker/connection.ts";
import { Engine } from "./docker/engine.ts";
import type { Door } from "./door.ts";
import { Failure, sameVersion } from "./failure.ts";
import { LogFile } from "./log-file.ts";
import { stackPlaces, type Places } from "./places.ts";
import { verb } from "./verbs/verb-door.ts";
import { Messages } from "./messages.ts";

/** Everything outside of the program that a test replaces. */
export interface ProgramOptions {
  readonly places: Places;
  /** Docker's socket. @default the one of every server */
  readonly socket?: string;
  /** Gets each step of a verb after it was noted. */
  readonly journaled?: (step: string) => void;
  /** Seconds without a sign of life after which a run is considered dead. @default 30 */
  readonly silence?: number;
}

const doors: ReadonlyMap<string, Door> = new Map([
  ["attend", attend],
  ["verb", verb],
  ["observe", observeInstalled],
  ["command", command],
  ["resume", resume],
]);

/** Runs the program on a server, and gives its exit code. It goes on when its connection is lost. */
export async function main(words: readonly string[], options: ProgramOptions): Promise<number> {
  process.umask(0o077);
  process.on("SIGHUP", () => undefined);
  const messages = new Messages(process.stderr, logOf(words, options));
  process.on("uncaughtException", (error) => {
    messages.fail(error);
    process.exit(1);
  });
  try {
    return await enter(words, options, messages);
  } catch (error) {
    messages.fail(error);
    return 1;
  } finally {
    await messages.end();
  }
}

async function enter(words: readonly string[], options: ProgramOptions, messages: Messages): Promise<number> {
  const [name = "", stack = "", ...rest] = words;
  const door = doors.get(name);
  if (door === undefined) {
    throw new Failure("slipway", `knows ${[...doors.keys()].join(", ")}, got '${name}'; ${sameVersion}`);
  }
  const connection = new EngineConnection(options.socket);
  return await door({
    words: rest,
    places: stackPlaces(options.places, stack),
    engine: new Engine(connection),
    impatientEngine: new Engine(connection.impatient),
    messages,
    journaled: options.journaled ?? (() => undefined),
    silence: options.silence,
  });
}

/** The log of the stack; none where the words name no stack. */
function logOf([, stack = ""]: readonly string[], { places }: ProgramOptions): LogFile | undefined {
  try {
    return new LogFile(join(stackPlaces(places, stack).stackState, "log"));
  } catch {
    return undefined;
  }
}
