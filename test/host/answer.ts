import { z } from "zod";
import type { VerbResult } from "./host-program.ts";

/** The stack of most tests. */
export const staging = "aaperture/staging";

const answerSchema = z.object({ outcome: z.string(), object: z.string(), number: z.string() });

/** The outcome that a verb reported, or its message if it failed. */
export function outcome({ code, stdout, stderr }: VerbResult): string {
  return code === 0 ? answerSchema.parse(JSON.parse(stdout)).outcome : stderr;
}
