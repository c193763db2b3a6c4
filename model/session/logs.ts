import { z } from "zod";
import { colourSchema } from "../facts/release/release.ts";

/** A wish for the logs of a stack's containers. */
export const logsWishSchema = z.object({
  /** All of the release that serves and all shared services, if empty. */
  services: z.array(z.string()),
  follow: z.boolean(),
  /** The last lines of each container; undefined for all. */
  tail: z.number().optional(),
  /** Seconds before now by the server's clock. */
  ago: z.number().optional(),
  /** Seconds since 1970. */
  since: z.number().optional(),
  /** The version of the release whose containers are asked for; undefined for the one that serves. */
  release: z.string().optional(),
  colour: colourSchema.optional(),
  /** Values that may be secret are hidden. */
  mask: z.boolean(),
});

export type LogsWish = z.output<typeof logsWishSchema>;

/** One line of a container. */
export const logLineSchema = z.object({
  /** The service, with the number of its container where it has several; empty where slipway itself says it. */
  from: z.string(),
  /** When it was printed, to the nanosecond. */
  time: z.string(),
  text: z.string(),
});

export type LogLine = z.output<typeof logLineSchema>;
