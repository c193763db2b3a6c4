import { z } from "zod";
import { connection } from "../command/spec.ts";

/** What differs between the runs of programs/language-hooks.ts. */
export const hookSpec = z.strictObject({
  journal: z.string(),
  stdin: z.string(),
  /** A hook that throws. */
  failing: z.string().exactOptional(),
  /** How many tries a command that fails twice is given; without it, the command is not there. */
  tries: z.number().exactOptional(),
});

/** How programs/language-end.ts ends. */
export const endSpec = z.strictObject({
  way: z.enum([
    "well",
    "throws",
    "throws a run error",
    "rejects",
    "exits",
    "exits well",
    "logs an error",
    "cannot be loaded",
  ]),
});

export type EndSpec = z.infer<typeof endSpec>;

/** What programs/language-waiting.ts is to do: note its process id, and wait until it is ended. */
export const waitingSpec = z.strictObject({
  pidFile: z.string(),
  /** Who waits: the program itself, or a command on this machine or on a server. */
  who: z.enum(["program", "local", "remote"]),
  command: z.string(),
  connection,
});
