import type { z } from "zod";
import { isMap } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import { problemsOf } from "./problems.ts";
import { environmentSchema } from "./schema.ts";
import { expandVariables } from "./expand.ts";

const partialSchema = environmentSchema.partial();

/** What could be read of a configuration: only keys without faults, so that the rules can look at the rest in the same run. */
export type Draft = z.output<typeof partialSchema>;

/** A configuration with everything that is wrong with it. */
export interface ReadDraft {
  readonly draft: Draft;
  readonly problems: readonly Problem[];
  /** Paths whose texts name variables of the environment that are not set; each is among the problems. */
  readonly unset: readonly string[];
}

/** Keys whose texts may name variables of the environment. */
const expanded = ["host", "directory", "project", "domain"];

/** Checks what a stack says, by key, as texts; maps and lists are JSON, as Pulumi hands them over. */
export function readDraft(texts: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv): ReadDraft {
  const problems: Problem[] = [];
  const entries = Object.entries(texts).map(([key, text]): [string, unknown] => {
    const value = isText(key) ? text : parseJson(text);
    if (!expanded.includes(key)) return [key, value];
    const filled = expandVariables(key, value, environment);
    problems.push(...filled.problems);
    return [key, filled.value];
  });
  const read: Readonly<Record<string, unknown>> = Object.fromEntries(entries);
  const unset = problems.map(({ path }) => path);
  const parsed = environmentSchema.safeParse(read);
  if (!parsed.success) problems.push(...problemsOf(parsed.error, read).filter(({ path }) => !named(problems, path)));
  return { draft: parsed.success ? parsed.data : readPart(read), problems, unset };
}

/** A text whose variable is missing has no other problem. */
function named(problems: readonly Problem[], path: string): boolean {
  return problems.some((problem) => problem.path === path);
}

function isText(key: string): boolean {
  return ["directory", "project", "environment", "domain", "compose", "fingerprintKey"].includes(key);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Leaves out what is wrong, until the rest is right; each round leaves out something, and nothing at all is right. */
function readPart(read: Readonly<Record<string, unknown>>): Draft {
  const parsed = partialSchema.safeParse(read);
  if (parsed.success) return parsed.data;
  const rest = parsed.error.issues.reduce<unknown>(withoutFault, read);
  return readPart(isMap(rest) ? rest : {});
}

function withoutFault(value: unknown, issue: z.core.$ZodIssue): unknown {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.reduce((rest: unknown, key) => withoutPath(rest, [...issue.path, key]), value);
  }
  return withoutPath(value, issue.path);
}

/** Without what stands at the path; if nothing stands there, its parent cannot be right and goes instead. What is gone already stays gone. */
function withoutPath(value: unknown, path: readonly PropertyKey[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== "object" || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const name = String(key);
  if (!fields.has(name)) return rest.length === 0 ? undefined : value;
  const below = rest.length === 0 ? undefined : withoutPath(fields.get(name), rest);
  if (below === undefined) fields.delete(name);
  else fields.set(name, below);
  return Array.isArray(value) ? [...fields.values()] : Object.fromEntries(fields);
}
