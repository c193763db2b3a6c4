import { z } from "zod";

const answerSchema = z.object({ colour: z.string(), release: z.string(), since: z.string() });

/** What the rollout verb answered last: which colour serves which release, and since when. */
export type RolloutAnswer = z.output<typeof answerSchema>;

const unknownAnswer: RolloutAnswer = { colour: "unknown", release: "unknown", since: "unknown" };

/** Reads the last line of the verb's stdout; an answer of another version of slipway says nothing. */
export function readRolloutAnswer(stdout: string): RolloutAnswer {
  const read = answerSchema.safeParse(parsed(stdout.trimEnd().split("\n").at(-1) ?? ""));
  return read.success ? read.data : unknownAnswer;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
