import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { isList, isMap, type Json } from "../json.ts";
import type { ComposeText } from "./text.ts";
import { guess } from "../guess.ts";
import type { Problem } from "../problem.ts";

type Issue = z.core.$ZodIssue;
type Keys = readonly PropertyKey[];

/** Words for the types of a schema, as people who write YAML say them. */
const typeNames: Readonly<Record<string, string>> = {
  object: "map",
  record: "map",
  array: "list",
  int: "whole number",
  null: "nothing",
};

/** The Compose specification's own schema; dclint keeps it up to date. It names its dialect in a form that zod does not know. */
const specification = z.looseObject({
  properties: z.looseObject({}),
  definitions: z.looseObject({ service: z.looseObject({ properties: z.looseObject({}) }) }),
});

let read: { schema: z.ZodType; names: readonly string[] } | undefined;

function composeSchema(): { schema: z.ZodType; names: readonly string[] } {
  if (read !== undefined) return read;
  const folder = dirname(createRequire(import.meta.url).resolve("dclint/package.json"));
  const json: unknown = JSON.parse(readFileSync(join(folder, "schemas", "compose.schema.json"), "utf8"));
  const { properties, definitions } = specification.parse(json);
  const schema = z.fromJSONSchema({
    ...z.record(z.string(), z.json()).parse(json),
    $schema: "http://json-schema.org/draft-07/schema#",
  });
  read = { schema, names: [...Object.keys(properties), ...Object.keys(definitions.service.properties)] };
  return read;
}

/** What the Compose specification does not allow in one file, each with its place. */
export function schemaProblems(text: ComposeText): Problem[] {
  const parsed = composeSchema().schema.safeParse(text.content);
  if (parsed.success) return [];
  const found = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], text));
  return found.filter((problem, index) => found.findIndex(({ path }) => path === problem.path) === index);
}

function problemsOf(issue: Issue, base: Keys, text: ComposeText): Problem[] {
  const keys = [...base, ...issue.path];
  if (issue.code === "invalid_union") return unionProblems(issue, keys, text);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, keys, text));
  const at = { path: text.place(keys.map(String)) };
  const subject = keys.map(String).join(".");
  if (valueAt(text, keys) === undefined) {
    return [{ ...at, what: `${subject} is missing`, todo: "add it" }];
  }
  if (issue.code === "invalid_type") return [wrongType([issue.expected], keys, text)];
  if (issue.code === "invalid_value") {
    return [{ ...at, what: `${subject} is not known`, todo: `use ${issue.values.map(String).join(" or ")}` }];
  }
  return [{ ...at, what: `${subject} is refused by the Compose specification (${issue.message})`, todo: "correct it" }];
}

/** Of the forms that a field may have, the one that the user meant is the one whose type fits. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, keys: Keys, text: ComposeText): Problem[] {
  const forms = issue.errors.flatMap((form) => flattenForms(form));
  const meant = forms.find((form) => form.every((fault) => fault.code !== "invalid_type" || fault.path.length > 0));
  if (meant !== undefined) return meant.flatMap((fault) => problemsOf(fault, keys, text));
  const expected = forms.flat().flatMap((fault) => (fault.code === "invalid_type" ? [fault.expected] : []));
  return [wrongType(expected, keys, text)];
}

/** A form that is itself a choice counts as its forms. */
function flattenForms(form: readonly Issue[]): (readonly Issue[])[] {
  const [only] = form;
  if (form.length === 1 && only?.code === "invalid_union" && only.path.length === 0)
    return only.errors.flatMap(flattenForms);
  return [form];
}

function wrongType(expected: readonly string[], keys: Keys, text: ComposeText): Problem {
  const types = [...new Set(expected.map((type) => typeNames[type] ?? type))].join(" or ");
  return {
    path: text.place(keys.map(String)),
    what: `${keys.length === 0 ? "the file" : keys.map(String).join(".")} has the wrong type`,
    todo: `write a ${types}`,
  };
}

function unknownKey(key: string, parent: Keys, text: ComposeText): Problem {
  const keys = [...parent.map(String), key];
  return {
    path: text.place(keys),
    what: `${keys.join(".")} is not a key that Compose knows`,
    todo: guess(key, composeSchema().names, "remove it or correct its spelling"),
  };
}

function valueAt(text: ComposeText, keys: Keys): Json | undefined {
  return keys.reduce<Json | undefined>(
    (at, key) => (isList(at) ? at[Number(key)] : isMap(at) ? at[String(key)] : undefined),
    text.content,
  );
}
