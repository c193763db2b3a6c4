import { z } from "zod";
import type { VerbResult } from "./host-program.ts";

/** The stack of most tests. */
export const staging = "aaperture/staging";

const answerSchema = z.object({ outcome: z.string(), object: z.string(), number: z.string() });

/** What a verb answered, or what it said when it failed. */
export function outcome({ code, stdout, stderr }: VerbResult): string {
  return code === 0 ? answerSchema.parse(JSON.parse(stdout)).outcome : stderr;
}
