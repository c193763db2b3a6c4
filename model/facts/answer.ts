import { z } from "zod";
import type { RememberedData } from "./observation.ts";

const answerSchema = z.record(z.string(), z.string());

const rolloutSchema = z.object({ colour: z.string(), release: z.string(), since: z.string() });

/** The release that serves, in which colour, and since when, as the rollout verb answered last. */
export type RolloutAnswer = Readonly<z.output<typeof rolloutSchema>>;

const unknownAnswer: RolloutAnswer = { colour: "unknown", release: "unknown", since: "unknown" };

/** Reads from the stdout of the rollout verb which release serves. */
export function readRolloutAnswer(stdout: string): RolloutAnswer {
  const read = rolloutSchema.safeParse(readAnswer(stdout));
  return read.success ? read.data : unknownAnswer;
}

/** Reads from the stdout of a verb that starts services the data that it remembers, by volume. */
export function readDataAnswer(stdout: string): Record<string, RememberedData> {
  const start = "data ";
  return Object.fromEntries(
    Object.entries(readAnswer(stdout))
      .filter(([name]) => name.startsWith(start))
      .map(([name, words]) => {
        const [service = "", machine = "", cluster = ""] = words.split(" ");
        return [name.slice(start.length), { service, machine, cluster }];
      }),
  );
}

/** The answer is the last line of stdout. One that another version of slipway wrote is taken for empty. */
function readAnswer(stdout: string): Readonly<Record<string, string>> {
  const read = answerSchema.safeParse(parsed(stdout.trimEnd().split("\n").at(-1) ?? ""));
  return read.success ? read.data : {};
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
