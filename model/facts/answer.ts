import { z } from "zod";
import type { RememberedData } from "./observation.ts";

const answerSchema = z.record(z.string(), z.string());

const rolloutSchema = z.object({ colour: z.string(), release: z.string(), since: z.string() });

/** The live release with its colour and start, as the rollout verb answered last. */
export type RolloutAnswer = Readonly<z.output<typeof rolloutSchema>>;

const unknownAnswer: RolloutAnswer = { colour: "unknown", release: "unknown", since: "unknown" };

/** Reads the live release from the stdout of the rollout verb. */
export function readRolloutAnswer(stdout: string): RolloutAnswer {
  const read = rolloutSchema.safeParse(readAnswer(stdout));
  return read.success ? read.data : unknownAnswer;
}

/** Reads the remembered data, by volume, from the stdout of a verb that starts services. */
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

/** Reads the answer from the last line of stdout. The answer of another version of slipway counts as empty. */
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
