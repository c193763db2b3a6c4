import { z } from "zod";

/**
 * A service that ends. One that others wait for, or that the stack calls a job, `ends`; one that is only never
 * restarted `may end`, and is as well if it runs on.
 */
export const jobSchema = z.enum(["ends", "may end"]);

export type Job = z.output<typeof jobSchema>;
