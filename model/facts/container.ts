import { z } from "zod";

/** A container of none of the stack's compose projects. */
export const namesakeSchema = z.object({
  name: z.string(),
  /** Its compose project, empty if it has none. */
  project: z.string(),
  image: z.string(),
});

/** A container of one of the stack's compose projects. */
export const containerSchema = z.object({
  project: z.string(),
  service: z.string(),
  name: z.string(),
  /** As the container was configured, not resolved to an id. */
  image: z.string(),
  /** In the engine's words: `running`, `exited`, … */
  state: z.string(),
  /** The code with which it ended last. */
  exitCode: z.number(),
  /** In the engine's words, empty if the container has no health check. */
  health: z.string(),
  /** When the container started, or ended if it is not running. */
  since: z.string(),
  restarts: z.number(),
  /** It is a job that has ended well, or a run by hand: nobody waits for it. */
  done: z.boolean(),
});
