import { z } from "zod";
import { environmentSchema, type HostConfig } from "../config/schema.ts";
import { problemsOf } from "../config/problems.ts";
import { expandVariables } from "../config/expand.ts";
import { ConfigurationError } from "../model/problem.ts";
import type { Call } from "./commands/command.ts";
import { mustAskPulumi, readProject, stackWords } from "./pulumi.ts";

const configSchema = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional(), secret: z.boolean() }),
);

/** What a stack's configuration says, without the values of secrets. */
type StackConfig = z.output<typeof configSchema>;

/** Reads a stack's configuration. */
export async function readStackConfig(call: Call): Promise<StackConfig> {
  return configSchema.parse(JSON.parse(await mustAskPulumi(call, ["config", "--json", ...stackWords(call)])));
}

/** The server of a stack; undefined where the stack names none. */
export async function stackHost(call: Call): Promise<HostConfig | undefined> {
  const config = await readStackConfig(call);
  const said = config[`${readProject(call).name}:host`]?.objectValue;
  if (said === undefined) return undefined;
  const { value, problems } = expandVariables("host", said, call.environment);
  const read = { host: value };
  const parsed = z.object({ host: environmentSchema.shape.host }).safeParse(read);
  if (parsed.success && problems.length === 0) return parsed.data.host;
  throw new ConfigurationError([...problems, ...(parsed.success ? [] : problemsOf(parsed.error, read))]);
}
