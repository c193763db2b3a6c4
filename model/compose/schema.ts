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

/** The Compose specification, as a schema for one file. */
export interface ComposeSchema {
  readonly schema: z.ZodType;
  /** Its top-level keys and the keys of a service. */
  readonly names: readonly string[];
}

const specification = z.looseObject({
  properties: z.looseObject({}),
  definitions: z.looseObject({ service: z.looseObject({ properties: z.looseObject({}) }) }),
});

/** Compiles the specification's own JSON schema, whose dialect is in a form that zod does not know. */
export function composeSchemaOf(json: unknown): ComposeSchema {
  const { properties, definitions } = specification.parse(json);
  const schema = z.fromJSONSchema({
    ...z.record(z.string(), z.json()).parse(json),
    $schema: "http://json-schema.org/draft-07/schema#",
  });
  return { schema, names: [...Object.keys(properties), ...Object.keys(definitions.service.properties)] };
}

/** What the Compose specification does not allow in one file, each with its place. */
export function schemaProblems(text: ComposeText, { schema, names }: ComposeSchema): Problem[] {
  const parsed = schema.safeParse(text.content);
  if (parsed.success) return [];
  const found = parsed.error.issues.flatMap((issue) => problemsOf(issue, [], { text, names }));
  return found.filter((problem, index) => found.findIndex(({ path }) => path === problem.path) === index);
}

/** A file, and the keys that Compose knows, for a guess at a misspelt one. */
interface Checked {
  readonly text: ComposeText;
  readonly names: readonly string[];
}

function problemsOf(issue: Issue, base: Keys, checked: Checked): Problem[] {
  const { text } = checked;
  const keys = [...base, ...issue.path];
  if (issue.code === "invalid_union") return unionProblems(issue, keys, checked);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, keys, checked));
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
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, keys: Keys, checked: Checked): Problem[] {
  const forms = issue.errors.flatMap((form) => flattenForms(form));
  const meant = forms.find((form) => form.every((fault) => fault.code !== "invalid_type" || fault.path.length > 0));
  if (meant !== undefined) return meant.flatMap((fault) => problemsOf(fault, keys, checked));
  const expected = forms.flat().flatMap((fault) => (fault.code === "invalid_type" ? [fault.expected] : []));
  return [wrongType(expected, keys, checked.text)];
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

function unknownKey(key: string, parent: Keys, { text, names }: Checked): Problem {
  const keys = [...parent.map(String), key];
  return {
    path: text.place(keys),
    what: `${keys.join(".")} is not a key that Compose knows`,
    todo: guess(key, names, "remove it or correct its spelling"),
  };
}

function valueAt(text: ComposeText, keys: Keys): Json | undefined {
  return keys.reduce<Json | undefined>(
    (at, key) => (isList(at) ? at[Number(key)] : isMap(at) ? at[String(key)] : undefined),
    text.content,
  );
}
