import { z } from "zod";
import { goBackOf, wayBackSchema, type GoBack } from "./going-back.ts";
import { parseJson } from "../../json.ts";
import { rememberedDataSchema, type RememberedData } from "../observation.ts";

const rolloutSchema = z.object({ colour: z.string(), release: z.string(), commit: z.string(), since: z.string() });

/** The live release with its commit, colour and start, as the confirm verb answered last. */
export type RolloutAnswer = Readonly<z.output<typeof rolloutSchema>>;

const unknownAnswer: RolloutAnswer = {
  colour: "unknown",
  release: "unknown",
  commit: "unknown",
  since: "unknown",
};

const liveSchema = z.object({ live: rolloutSchema });

const subnetsSchema = z.object({ subnets: z.record(z.string(), z.array(z.string())) });

const dataSchema = z.object({ data: z.record(z.string(), rememberedDataSchema) });

/** Reads the live release from the stdout of the confirm verb. */
export function readRolloutAnswer(stdout: string): RolloutAnswer {
  const read = liveSchema.safeParse(answerIn(stdout));
  return read.success ? read.data.live : unknownAnswer;
}

const goBackSchema = z.object({ goBack: wayBackSchema });

/** Reads how a stack goes back from the stdout of the confirm verb; undefined if there is no way back. */
export function readGoBackAnswer(stack: string, stdout: string): GoBack | undefined {
  return goBackOf(stack, goBackSchema.safeParse(answerIn(stdout)).data?.goBack);
}

/** Reads the remembered data, by volume, from the stdout of a verb that starts services. */
export function readDataAnswer(stdout: string): Record<string, RememberedData> {
  const read = dataSchema.safeParse(answerIn(stdout));
  return read.success ? read.data.data : {};
}

/** Reads the subnets of a stack, by network, from the stdout of the verb that makes its networks. */
export function readSubnetsAnswer(stdout: string): Record<string, string[]> {
  const read = subnetsSchema.safeParse(answerIn(stdout));
  return read.success ? read.data.subnets : {};
}

/**
 * The answer in stdout, where a login shell may have printed before it, on its line too, and after it (F9). The answer
 * of another version of slipway counts as empty.
 */
function answerIn(stdout: string): unknown {
  return parseJson(stdout.slice(stdout.lastIndexOf('{"outcome":')).split("\n", 1)[0] ?? "");
}
