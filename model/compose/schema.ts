import { z } from "zod";
import { isList, isMap, type Json } from "../json.ts";
import type { ComposeText } from "./text.ts";
import { guess } from "../guess.ts";
import type { Problem } from "../problem.ts";

type Issue = z.core.$ZodIssue;
type Keys = readonly PropertyKey[];

/** The types of a JSON schema in the words of YAML. */
const typeNames: Readonly<Record<string, string>> = {
  object: "map",
  record: "map",
  array: "list",
  int: "whole number",
  null: "nothing",
};

/** The Compose specification as a schema for one file. */
export interface ComposeSchema {
  readonly schema: z.ZodType;
  /** All top-level keys and all keys of a service. */
  readonly names: readonly string[];
}

const specification = z.looseObject({
  properties: z.looseObject({}),
  definitions: z.looseObject({ service: z.looseObject({ properties: z.looseObject({}) }) }),
});

/** Compiles the specification's own JSON schema. Its `$schema` is replaced, since zod does not know that dialect. */
export function composeSchemaOf(json: unknown): ComposeSchema {
  const { properties, definitions } = specification.parse(json);
  const schema = z.fromJSONSchema({
    ...withRepeats(z.record(z.string(), z.json()).parse(json)),
    $schema: "http://json-schema.org/draft-07/schema#",
  });
  return { schema, names: [...Object.keys(properties), ...Object.keys(definitions.service.properties)] };
}

/** Lists in which Compose itself refuses an item that is repeated; in others it keeps the last one. */
const withoutRepeats = ["security_opt", "group_add", "external_links", "volumes_from", "extra_hosts"];

/** The specification without the rule that items are unique, where Compose does not hold to it. */
function withRepeats(schema: Readonly<Record<string, Json>>): Record<string, Json> {
  const loosen = (value: Json, name: string): Json => {
    if (isList(value)) return value.map((item) => loosen(item, name));
    if (!isMap(value)) return value;
    const kept = Object.entries(value).filter(([key]) => key !== "uniqueItems" || withoutRepeats.includes(name));
    return Object.fromEntries(kept.map(([key, field]) => [key, loosen(field, name === "extra_hosts" ? name : key)]));
  };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, loosen(value, key)]));
}

/**
 * Everything in one file that the Compose specification does not allow. What is missing in a file that is merged over
 * another one may be there.
 */
export function schemaProblems(text: ComposeText, { schema, names }: ComposeSchema, over = false): Problem[] {
  const parsed = schema.safeParse(text.content);
  if (parsed.success) return [];
  const problems = parsed.error.issues.flatMap((issue) => issueProblems(issue, [], { text, names, over }));
  return problems.filter((problem, index) => problems.findIndex(({ path }) => path === problem.path) === index);
}

/** A file, and the keys that Compose knows, to guess the meaning of a misspelt one. */
interface Checked {
  readonly text: ComposeText;
  readonly names: readonly string[];
  /** The file is merged over another one. */
  readonly over: boolean;
}

/** Items of lists and limits of processes come from one file, also where that is merged over another one. */
function isWhole(keys: Keys): boolean {
  return keys.some((key) => typeof key === "number") || keys.at(-3) === "ulimits";
}

function issueProblems(issue: Issue, base: Keys, checked: Checked): Problem[] {
  const { text, over } = checked;
  const keys = [...base, ...issue.path];
  const at = { path: text.place(keys.map(String)) };
  const subject = keys.map(String).join(".");
  if (valueAt(text, keys) === undefined)
    return over && !isWhole(keys) ? [] : [{ ...at, what: `${subject} is missing`, todo: "add it" }];
  if (issue.code === "invalid_union") return unionProblems(issue, keys, checked);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, keys, checked));
  if (issue.code === "invalid_type") return [wrongType([issue.expected], keys, text)];
  if (issue.code === "invalid_value") {
    return [{ ...at, what: `${subject} is not known`, todo: `use ${issue.values.map(String).join(" or ")}` }];
  }
  return [{ ...at, what: `${subject} is refused by the Compose specification (${issue.message})`, todo: "correct it" }];
}

/** A field may have several forms; the user meant the one whose type fits. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, keys: Keys, checked: Checked): Problem[] {
  const forms = issue.errors.flatMap((form) => flattenForms(form));
  const meant = forms.find((form) => form.every((fault) => fault.code !== "invalid_type" || fault.path.length > 0));
  if (meant !== undefined) return meant.flatMap((fault) => issueProblems(fault, keys, checked));
  const expected = forms.flat().flatMap((fault) => (fault.code === "invalid_type" ? [fault.expected] : []));
  return [wrongType(expected, keys, checked.text)];
}

/** Replaces a form that is itself a choice between forms by these forms. */
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

/** The keys of a file below which its own names stand. */
const namesBelow = ["services", "networks", "volumes", "secrets", "configs", "models"];

function unknownKey(key: string, parent: Keys, { text, names }: Checked): Problem {
  const keys = [...parent.map(String), key];
  if (parent.length === 1 && namesBelow.includes(String(parent[0]))) {
    const what = `${String(parent[0])} has a name that Compose does not take, got '${key}'`;
    return { path: text.place(keys), what, todo: "use letters, digits and '_.-'" };
  }
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
