import { isList, isMap, mapOf, type Json } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import { isReservedName, reservedName } from "../../reserved-name.ts";
import { mentionsOf, parseTemplate } from "../template.ts";
import type { ComposeText } from "../text.ts";
import { resourceKinds } from "./definitions.ts";

type Keys = readonly (string | number)[];

/** The problems of a file whose services, resources or variables have names that every object of JavaScript has. */
export function reservedNames(text: ComposeText): Problem[] {
  const { content } = text;
  const defined = ["services", ...resourceKinds].flatMap((kind) =>
    Object.keys(mapOf(content[kind])).map((name): [name: string, keys: Keys] => [name, [kind, name]]),
  );
  return [...defined, ...variablesIn(content, [])]
    .filter(([name]) => isReservedName(name))
    .map(([name, keys]) => reservedName(text.place(keys), name));
}

/** Every variable that a value mentions, with the keys of the text. */
function variablesIn(value: Json, keys: Keys): [name: string, keys: Keys][] {
  if (isList(value)) return value.flatMap((item, index) => variablesIn(item, [...keys, index]));
  if (isMap(value)) return Object.entries(value).flatMap(([key, field]) => fieldVariables(key, field, keys));
  if (typeof value !== "string") return [];
  const passed = keys.at(-2) === "environment" ? [value.replace(/=.*$/s, "")] : [];
  const mentioned = mentionsOf(parseTemplate(value) ?? []).map(({ name }) => name);
  return [...passed, ...mentioned].map((name) => [name, keys]);
}

/** The name of an entry of `environment` is that of a variable if it has no value. */
function fieldVariables(key: string, field: Json, keys: Keys): [name: string, keys: Keys][] {
  const isPassed = keys.at(-1) === "environment" && field === null;
  return [...(isPassed ? [[key, [...keys, key]] as [string, Keys]] : []), ...variablesIn(field, [...keys, key])];
}
