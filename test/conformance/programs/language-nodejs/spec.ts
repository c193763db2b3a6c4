import { z } from "zod";
import { connection } from "../command/spec.ts";

/** The parameters of hooks.ts. */
export const hookSpec = z.strictObject({
  journal: z.string(),
  stdin: z.string(),
  /** The name of a hook that throws. */
  failing: z.string().exactOptional(),
  /** The number of attempts for a command that fails twice; without it, the command is not declared. */
  tries: z.number().exactOptional(),
});

/** The parameters of end.ts: the way in which it ends. */
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

/** The parameters of waiting.ts, which writes its process id and waits until it is ended. */
export const waitingSpec = z.strictObject({
  pidFile: z.string(),
  /** The part that waits: the program itself, a local command or a remote command. */
  waiter: z.enum(["program", "local", "remote"]),
  command: z.string(),
  connection,
});
