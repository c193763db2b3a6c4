import { z } from "zod";
import { guess } from "../model/guess.ts";
import type { Problem } from "../model/problem.ts";

type Issue = z.core.$ZodIssue;
type Schema = z.core.$ZodType;

const keyFile = "/etc/ssh/ssh_host_ed25519_key.pub";
const compareScan = "compare the output of `ssh-keyscan` with that file over another channel";

/** Advice for a missing key, where there is more to say than "set it". */
const missingTodo: Readonly<Record<string, string>> = {
  "host.hostKey": `copy it from the server's ${keyFile}, or ${compareScan}`,
  fingerprintKey: "run `slipway init`, which makes it and stores it as secret config",
};

/** Names of a schema's types, as people say them. */
const typeNames: Readonly<Record<string, string>> = {
  object: "map",
  record: "map",
  array: "list",
  int: "whole number",
};

/**
 * Every problem that the schema found in a configuration, each with its path, its value and advice. The values are
 * shown as they are `written` in the file: what a variable holds may be secret.
 */
export function problemsOf(error: z.ZodError, written: unknown, schema: Schema): Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, written, schema));
}

function problemsOfIssue(issue: Issue, input: unknown, schema: Schema): Problem[] {
  const path = issue.path.join(".");
  const value = valueAt(input, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => unknownKey(path, key, known));
  }
  if (issue.code === "invalid_type" && value === undefined) {
    return [
      {
        path,
        what: "is missing",
        todo:
          missingTodo[path.replace(/^hosts\.[^.]+/, "host")] ?? `set it with \`pulumi config set --path ${path} …\``,
      },
    ];
  }
  if (issue.code === "invalid_key") return invalidKey(path, issue);
  const got = `got ${isSecret(path) ? "a value that is kept secret" : show(value)}`;
  if (issue.code === "invalid_type") {
    const expected = typeNames[issue.expected] ?? issue.expected;
    const todo = issue.expected === "string" ? "write it in quotes" : "correct the value";
    return [{ path, what: `is not of type ${expected}, ${got}`, todo }];
  }
  if (issue.code === "invalid_value") {
    return [{ path, what: `is not an allowed value, ${got}`, todo: `use ${issue.values.map(show).join(" or ")}` }];
  }
  const [what = issue.message, todo = "correct the value"] = issue.message.split("; ");
  return [{ path, what: `${what}, ${got}`, todo }];
}

/** The problems of a name that users choose. */
function invalidKey(path: string, { path: keys, issues }: z.core.$ZodIssueInvalidKey): Problem[] {
  return issues.map(({ message }) => {
    const [what = message, todo = "correct it"] = message.split("; ");
    return { path, what: `${what}, got ${show(String(keys.at(-1)))}`, todo };
  });
}

/** Tells whether a path is in secret config, whose values must not appear in a message. */
function isSecret(path: string): boolean {
  return /^(secrets|fingerprintKey)(\.|$)/.test(path);
}

/** More keys than these are not listed in a message. */
const fewKeys = 10;

function unknownKey(parent: string, key: string, known: readonly string[]): Problem {
  const path = parent === "" ? key : `${parent}.${key}`;
  const otherwise = known.length > fewKeys ? "remove it or correct its spelling" : undefined;
  return { path, what: "is not a key that slipway knows", todo: guess(key, known, otherwise) };
}

/** The keys that a schema knows at a path. */
function keysAt(schema: Schema, path: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodPipe) return keysAt(schema.in, path);
  const [key, ...below] = path;
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  if (schema instanceof z.ZodRecord) return keysAt(key === undefined ? schema.keyType : schema.valueType, below);
  if (!(schema instanceof z.core.$ZodObject)) return [];
  const { shape } = schema._zod.def;
  if (key === undefined) return Object.keys(shape);
  const field = shape[String(key)];
  return field === undefined ? [] : keysAt(field, below);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (typeof at !== "object" || at === null) return undefined;
    return Object.entries(at).find(([name]) => name === String(key))?.[1];
  }, input);
}

/** The most characters of a value that a message repeats. */
const longestValue = 200;

function show(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const short = text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
  return typeof value === "string" ? `'${short}'` : short;
}
