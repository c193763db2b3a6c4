import { z } from "zod";

/** The name under which a session tells what is no secret in the env files that it brings. It holds no value. */
export const plainEntriesName = "plain";

/** By the staged name of an env file: the names in it whose values are no secrets. All others are. */
export const plainEntriesSchema = z.record(z.string(), z.array(z.string()));

/** By the staged name of an env file: the names in it whose values are no secrets. */
export type PlainEntries = z.output<typeof plainEntriesSchema>;
