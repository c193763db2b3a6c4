import type { Engine } from "./docker/engine.ts";
import type { StackPlaces } from "./places.ts";
import type { Messages } from "./messages.ts";

/** A call of the program for a stack, as one of its doors gets it. */
export interface Call {
  /** The words after the stack. */
  readonly words: readonly string[];
  readonly places: StackPlaces;
  /** For what changes the server: it waits while the engine restarts. */
  readonly engine: Engine;
  /** For observations, which never wait for a restarting engine. */
  readonly impatientEngine: Engine;
  readonly messages: Messages;
  /** Gets each step of a verb after it was noted; a test may end the process there, as a lost machine would. */
  readonly journaled: (step: string) => void;
  /** Seconds without a sign of life after which a run is considered dead. @default 30 */
  readonly silence?: number | undefined;
}

/** One of the things that the program can be started for; gives the exit code. */
export type Door = (call: Call) => Promise<number>;
