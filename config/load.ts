import * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../model/problem.ts";
import { problemsOf } from "./problems.ts";
import { environmentSchema, type EnvironmentConfig } from "./schema.ts";
import { expandVariables } from "./variables.ts";

/** Reads the stack's configuration, checks it against the schema, and throws all problems at once. */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): EnvironmentConfig {
  const config = new pulumi.Config();
  const host = expandVariables("host", config.getObject("host") ?? {}, environment);
  const read = { host: host.value };
  const parsed = environmentSchema.safeParse(read);
  const problems = [...host.problems, ...(parsed.success ? [] : problemsOf(parsed.error, read))];
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(problems);
  return parsed.data;
}
