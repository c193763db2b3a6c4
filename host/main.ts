import { join } from "node:path";
import { attend } from "./attend/attend.ts";
import { observeInstalled } from "./attend/observe-installed.ts";
import { resume } from "./attend/resume.ts";
import { EngineConnection } from "./docker/connection.ts";
import { Engine } from "./docker/engine.ts";
import type { Door } from "./door.ts";
import { Failure, sameVersion } from "./failure.ts";
import { LogFile } from "./log-file.ts";
import { stackPlaces, type Places } from "./places.ts";
import { verb } from "./verbs/verb-door.ts";
import { Words } from "./words.ts";

/** Everything outside of the program that a test replaces. */
export interface Outside {
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
  ["resume", resume],
]);

/** Runs the program on a server, and gives its exit code. It goes on when its connection is lost. */
export async function main(words: readonly string[], outside: Outside): Promise<number> {
  process.umask(0o077);
  process.on("SIGHUP", () => undefined);
  const said = new Words(process.stderr, logOf(words, outside));
  process.on("uncaughtException", (error) => {
    said.fail(error);
    process.exit(1);
  });
  try {
    return await enter(words, outside, said);
  } catch (error) {
    said.fail(error);
    return 1;
  } finally {
    await said.end();
  }
}

async function enter(words: readonly string[], outside: Outside, said: Words): Promise<number> {
  const [name = "", stack = "", ...rest] = words;
  const door = doors.get(name);
  if (door === undefined) {
    throw new Failure("slipway", `knows ${[...doors.keys()].join(", ")}, got '${name}'; ${sameVersion}`);
  }
  const connection = new EngineConnection(outside.socket);
  return await door({
    words: rest,
    places: stackPlaces(outside.places, stack),
    engine: new Engine(connection),
    impatientEngine: new Engine(connection.impatient),
    said,
    journaled: outside.journaled ?? (() => undefined),
    silence: outside.silence,
  });
}

/** The log of the stack; none where the words name no stack. */
function logOf([, stack = ""]: readonly string[], { places }: Outside): LogFile | undefined {
  try {
    return new LogFile(join(stackPlaces(places, stack).stackState, "log"));
  } catch {
    return undefined;
  }
}
