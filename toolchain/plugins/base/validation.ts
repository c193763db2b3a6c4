import type { z } from "zod";
import { isList, isObject, unknown, type Properties, type Value } from "./property.ts";
import { unsupported } from "./unsupported.ts";

/** A problem with the inputs of a resource. */
export interface Problem {
  readonly property: string;
  readonly reason: string;
}

/** Finds the problems of inputs; values that are unknown in a preview are accepted. */
export function problems(schema: z.ZodType, properties: Properties): Problem[] {
  const result = schema.safeParse(properties);
  if (result.success) return [];
  return result.error.issues.filter((issue) => !leadsToUnknown(properties, issue.path)).flatMap(toProblems);
}

/** Parses properties with a schema. The error never contains a value, since that may be a secret. */
export function parse<Output>(owner: string, schema: z.ZodType<Output>, properties: Properties): Output {
  const result = schema.safeParse(properties);
  if (result.success) return result.data;
  const reasons = result.error.issues.flatMap(toProblems).map(describe);
  throw new Error(`${owner}: ${reasons.join("; ")}`);
}

/** The text of a problem. */
export function describe(problem: Problem): string {
  return problem.property === "" ? problem.reason : `${problem.property}: ${problem.reason}`;
}

/** The problems of a schema issue; one issue lists all unknown properties of an object. */
function toProblems(issue: z.core.$ZodIssue): Problem[] {
  const property = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return [{ property, reason: issue.message }];
  return issue.keys.map((key) => ({ property: [...issue.path, key].map(String).join("."), reason: unsupported(key) }));
}

/** True if a path passes through a value that is unknown in a preview. */
function leadsToUnknown(properties: Properties, path: readonly PropertyKey[]): boolean {
  let value: Value | undefined = properties;
  for (const step of path) {
    if (isList(value) && typeof step === "number") value = value[step];
    else if (isObject(value)) value = value[String(step)];
  }
  return value === unknown;
}
