import { z } from "zod";
import type { Properties, Value } from "../base/property.ts";
import { parse, problems, type Problem } from "../base/validation.ts";
import { defaultHost, unsupportedHost } from "./host.ts";

const schema = z.strictObject({
  host: z
    .string()
    .refine((host) => /^(ssh|unix):/.test(host), { error: ({ input }) => unsupportedHost(String(input)) })
    .default(() => process.env["DOCKER_HOST"] ?? defaultHost),
  sshOpts: z.array(z.string()).default([]),
});

/** The settings of a docker provider that the offline plugin supports. */
export type Configuration = z.infer<typeof schema>;

/** Parses the settings of a provider. */
export function parseConfiguration(config: Properties): Configuration {
  return parse("docker", schema, decoded(config));
}

/** Finds the problems of a provider's settings, some of which may be unknown. */
export function configurationProblems(config: Properties): Problem[] {
  return problems(schema, decoded(config));
}

// All provider settings are strings, so a list arrives as JSON.
function decoded(config: Properties): Properties {
  const { sshOpts } = config;
  return typeof sshOpts === "string" ? { ...config, sshOpts: fromJson(sshOpts) } : config;
}

/** The list in a JSON text; any other text is returned as it is and fails the schema. */
function fromJson(text: string): Value {
  const value: unknown = JSON.parse(text);
  return z.array(z.string()).safeParse(value).data ?? text;
}
