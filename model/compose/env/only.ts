import { mapOf, type Json, type JsonMap } from "../../json.ts";
import type { Mount } from "../application.ts";
import type { ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";
import { mentionsOf, parseTemplate } from "../template.ts";
import { omit, textsBelow } from "../value.ts";

/** The services that alone may get a variable, and where that is said. */
export interface OnlyServices {
  readonly services: readonly string[];
  readonly place: string;
}

/** By name: the variables that only some services may get. */
export type RestrictedVariables = Readonly<Record<string, OnlyServices>>;

/** Tells whether a service may get a variable. */
export function isGivenTo({ only }: Pick<ReaderContext, "only">, variable: string, service: string): boolean {
  return !Object.hasOwn(only, variable) || only[variable]?.services.includes(service) === true;
}

/** The end of a message about a variable that some services alone may get. */
export function whoGets({ only }: Pick<ReaderContext, "only">, variable: string): string {
  const { services, place } = only[variable] ?? { services: [], place: "" };
  return `which only ${services.join(" and ")} may get (${place})`;
}

/** A service's fields and mounts. */
interface Use {
  readonly fields: JsonMap;
  readonly mounts: readonly Mount[];
}

/**
 * The fields of a service without the variables of its environment that only others may get. A variable that it needs
 * elsewhere, as in its command, is a problem.
 */
export function withoutOthersVariables(
  context: ReaderContext,
  name: string,
  service: NormalService,
  { fields, mounts }: Use,
): JsonMap {
  if (Object.keys(context.only).length === 0) return fields;
  const lost = (value: Json | undefined, own?: string): string[] =>
    mentionedIn(value, own).filter((variable) => !isGivenTo(context, variable, name));
  const refuse = (field: string, variable: string): void => {
    const what = `service '${name}' uses ${variable} in ${field}, ${whoGets(context, variable)}`;
    context.problems.push({ path: service.place(field), what, todo: `remove it there, or name '${name}' too` });
  };
  for (const [field, value] of Object.entries(omit(fields, ["environment"])))
    for (const variable of lost(value)) refuse(field, variable);
  for (const mount of mounts)
    if (mount.type === "secret" && !isGivenTo(context, mount.variable, name)) refuse("secrets", mount.variable);
  const environment = Object.entries(mapOf(fields["environment"])).filter(([key, value]) => {
    const [variable] = lost(value, key);
    if (variable === undefined) return true;
    const cause = variable === key ? "" : `, since its value has ${variable}`;
    context.notes.push(`${name}: does not get ${key}${cause}, ${whoGets(context, variable)}`);
    return false;
  });
  return fields["environment"] === undefined ? fields : { ...fields, environment: Object.fromEntries(environment) };
}

/** The variables that a value mentions; `own` is the name of a variable that may stand without a value. */
function mentionedIn(value: Json | undefined, own?: string): string[] {
  if (value === null && own !== undefined) return [own];
  return textsBelow(value ?? null).flatMap(({ text }) => mentionsOf(parseTemplate(text) ?? []).map(({ name }) => name));
}
