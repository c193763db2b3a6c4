import { z } from "zod";

const imageSchema = z.object({
  /** The names by digest. */
  references: z.array(z.string()),
  /** In bytes. */
  size: z.number(),
  why: z.string(),
});

/** What nothing needs on a server, and what stays of a stack's images. */
export const cleanReportSchema = z.object({
  removed: z.array(imageSchema),
  kept: z.array(imageSchema),
  /** Names of the containers of a release that a run left behind. */
  containers: z.array(z.string()),
  /** Programs and runtimes that no stack runs. */
  programs: z.array(z.object({ path: z.string(), size: z.number() })),
  /** What could not be removed, in words. */
  failed: z.array(z.string()),
  /** Free bytes where the engine keeps images, before and after. */
  before: z.number(),
  after: z.number(),
});

export type CleanReport = z.output<typeof cleanReportSchema>;
