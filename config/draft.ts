import type { z } from "zod";
import { isMap } from "../model/json.ts";
import type { Problem } from "../model/problem.ts";
import { ensureOneHost, hostsOf, type ConfiguredHost } from "./hosts.ts";
import { problemsOf } from "./problems.ts";
import { withoutReservedNames } from "./schema/reserved-name.ts";
import { hostKey } from "./schema/value.ts";
import { environmentSchema, expandableKeys, textKeys } from "./schema.ts";
import type { StackTexts } from "./source.ts";
import { expandVariables } from "./variables/expand.ts";

type Input = z.input<typeof environmentSchema>;
type RequiredKey = { [Key in keyof Input]-?: undefined extends Input[Key] ? never : Key }[keyof Input];

const required = { directory: true, project: true, fingerprintKey: true } as const satisfies Record<RequiredKey, true>;

const partialSchema = environmentSchema.partial(required);
type PartialConfig = z.output<typeof partialSchema>;

/**
 * The part of a configuration that could be read: only keys without faults, so that the rules can check the rest in the
 * same run. A key that is missing or faulty has its default, or is undefined.
 */
export interface Draft extends Omit<PartialConfig, "host" | "hosts"> {
  /** The servers by name. */
  readonly hosts: Readonly<Record<string, ConfiguredHost>>;
  /** The host key of a server whose other keys are not known here; undefined if that is not known either. */
  readonly hostKey: string | undefined;
  readonly environment: string;
}

/** A configuration with all its problems. */
export interface ReadDraft {
  readonly draft: Draft;
  readonly problems: readonly Problem[];
  /** Paths whose texts name variables of the environment that are not set; each is among the problems. */
  readonly unset: readonly string[];
}

/** Reads a stack's configuration; maps and lists are JSON, as Pulumi passes them on. */
export function readDraft({
  texts,
  environment,
  stack,
}: Pick<StackTexts, "texts" | "environment" | "stack">): ReadDraft {
  const problems: Problem[] = [];
  const unset: string[] = [];
  const written = Object.entries(texts).map(([key, text]): [string, unknown] => [
    key,
    textKeys.includes(key) ? text : parseJson(text),
  ]);
  const entries = written.map(([key, value]): [string, unknown] => {
    if (!expandableKeys.includes(key)) return [key, value];
    const filled = expandVariables(key, value, environment);
    problems.push(...filled.problems);
    unset.push(...filled.unset);
    return [key, filled.value];
  });
  const allowed = entries.map(([key, value]): [string, unknown] => {
    const named = withoutReservedNames(key, value);
    problems.push(...named.problems);
    return [key, named.value];
  });
  const read: Readonly<Record<string, unknown>> = Object.fromEntries(allowed);
  const parsed = environmentSchema.safeParse(read);
  if (!parsed.success) {
    const found = problemsOf(parsed.error, Object.fromEntries(written), environmentSchema);
    problems.push(...found.filter(({ path }) => !hasProblem(problems, path)));
  }
  problems.push(...ensureOneHost(Object.fromEntries(entries)));
  const draft = withStackDefaults(parsed.success ? parsed.data : readValidPart(read), stack);
  return { draft: { ...draft, hostKey: knownHostKey(read["host"]) }, problems, unset };
}

/** Completes the defaults that depend on the stack's name. */
function withStackDefaults({ env, host, hosts, ...config }: PartialConfig, stack: string): Omit<Draft, "hostKey"> {
  const { environment = stack } = config;
  const { path, named } = env.file;
  const file = { path: named ? path : path.replace("<environment>", environment), named };
  return { ...config, hosts: hostsOf({ host, hosts }), environment, env: { ...env, file } };
}

/** A merge request has no variables of an environment: the host key in its file is what tells another server. */
function knownHostKey(host: unknown): string | undefined {
  return hostKey.safeParse(isMap(host) ? host["hostKey"] : undefined).data;
}

/** Tells whether a text names a variable that is not set: it has no other problem. */
function hasProblem(problems: readonly Problem[], path: string): boolean {
  return problems.some((problem) => problem.path === path);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Leaves out faulty parts until the rest is right. It ends: each round leaves out something, and the empty
 * configuration is right.
 */
function readValidPart(read: Readonly<Record<string, unknown>>): PartialConfig {
  const parsed = partialSchema.safeParse(read);
  if (parsed.success) return parsed.data;
  const rest = parsed.error.issues.reduce<unknown>(withoutFault, read);
  return readValidPart(isMap(rest) ? rest : {});
}

function withoutFault(value: unknown, issue: z.core.$ZodIssue): unknown {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.reduce((rest: unknown, key) => withoutPath(rest, [...issue.path, key]), value);
  }
  return withoutPath(value, issue.path);
}

/**
 * Takes the part at the path out of a value. If nothing is at the path, its parent cannot be right and is taken out
 * instead, unless an earlier round did that.
 */
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
