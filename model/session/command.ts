import { z } from "zod";
import { colourSchema } from "../facts/release/release.ts";

/** A command for a service: in one of its containers, or in a container of its own. */
export const commandWishSchema = z.object({
  kind: z.enum(["exec", "run"]),
  service: z.string(),
  /** The program and its arguments; empty for `run` means those of the service. */
  words: z.array(z.string()),
  /** The colour that serves, if undefined. */
  colour: colourSchema.optional(),
  /** The number of the container, where the service has several. */
  replica: z.number().optional(),
  /** A terminal is at the other end. */
  terminal: z.boolean(),
  /** Who runs it, for the log of the stack. */
  who: z.string(),
});

export type CommandWish = z.output<typeof commandWishSchema>;
