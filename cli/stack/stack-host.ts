import { z } from "zod";
import { readProjectFiles } from "../../config/stack-files.ts";
import { expandVariables } from "../../config/variables/expand.ts";
import { ensureOneHost, hostsOf } from "../../config/hosts.ts";
import { problemsOf } from "../../config/problems.ts";
import { withoutReservedNames } from "../../config/schema/reserved-name.ts";
import { environmentSchema, type HostConfig } from "../../config/schema.ts";
import { configurationError } from "../../model/problem.ts";
import type { Call } from "../commands/command.ts";
import { mustAskPulumi, stackWords } from "../pulumi.ts";

const configSchema = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional(), secret: z.boolean() }),
);

/** A stack's configuration, without the values of secrets. */
type StackConfig = z.output<typeof configSchema>;

/** Reads a stack's configuration through Pulumi. */
export async function readStackConfig(call: Call): Promise<StackConfig> {
  return configSchema.parse(JSON.parse(await mustAskPulumi(call, ["config", "--json", ...stackWords(call)])));
}

const hostKeys = environmentSchema.pick({ host: true, hosts: true });

/** The server of a stack, which `host` or `hosts` describes; undefined if the configuration has neither. */
export async function stackHost(call: Call): Promise<HostConfig | undefined> {
  const config = await readStackConfig(call);
  const { project } = readProjectFiles(call.folder);
  const written = Object.keys(hostKeys.shape).flatMap((key) => {
    const said = config[`${project}:${key}`]?.objectValue;
    return said === undefined ? [] : [[key, said] as const];
  });
  const filled = written.map(([key, said]) => [key, expandVariables(key, said, call.environment)] as const);
  if (filled.length === 0) return undefined;
  const named = filled.map(([key, { value }]) => [key, withoutReservedNames(key, value)] as const);
  const read = Object.fromEntries(named.map(([key, { value }]) => [key, value]));
  const parsed = hostKeys.safeParse(read);
  const asWritten = Object.fromEntries(written);
  const expanded = Object.fromEntries(filled.map(([key, { value }]) => [key, value]));
  const faults = parsed.success ? ensureOneHost(expanded) : problemsOf(parsed.error, asWritten, hostKeys);
  const problems = [...[...filled, ...named].flatMap(([, one]) => one.problems), ...faults];
  if (!parsed.success || problems.length > 0) throw configurationError(problems);
  return Object.values(hostsOf(parsed.data))[0];
}
