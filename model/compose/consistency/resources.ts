import { isMap, mapOf, textOf, type Json } from "../../json.ts";
import { booleanOf } from "../boolean.ts";
import { knownText, type ReaderContext } from "../context.ts";
import { resourceKinds, type Definitions, type Resource } from "../project/definitions.ts";
import { resourceFormProblems } from "./forms.ts";

/** The keys of which a secret or config has exactly one. */
const contents = { secrets: ["file", "environment"], configs: ["file", "environment", "content"] } as const;

/** Reports top-level definitions that Compose would refuse, used or not. */
export function checkResources(context: ReaderContext, project: Definitions): void {
  for (const kind of ["secrets", "configs"] as const) {
    for (const [name, resource] of project[kind]) checkContent(context, `${kind}.${name}`, resource, contents[kind]);
  }
  for (const kind of resourceKinds) {
    for (const [name, resource] of project[kind]) checkNames(context, `${kind}.${name}`, resource);
  }
  for (const [name, { value, place }] of project.volumes) {
    const others = Object.keys(value).filter((key) => !["external", "name"].includes(key) && !key.startsWith("x-"));
    const [first] = others;
    if (first === undefined || !isExternal(context, value["external"])) continue;
    const what = `volumes.${name} is external and has ${others.join(" and ")}, which only its maker can set`;
    context.problems.push({ path: place, what, todo: `remove ${others.join(" and ")}, and leave it external` });
  }
}

/** What cannot be filled in is reported where the volume is read. */
function isExternal(context: ReaderContext, external: Json | undefined): boolean {
  return isMap(external) || booleanOf(knownText(context, textOf(external) ?? "")) === true;
}

function checkNames(context: ReaderContext, subject: string, { value, place }: Resource): void {
  context.problems.push(...resourceFormProblems(context, { subject, value, place: () => place }));
  if (value["name"] === undefined || mapOf(value["external"])["name"] === undefined) return;
  const todo = "keep name, and write `external: true`";
  context.problems.push({ path: place, what: `${subject} has name and external.name`, todo });
}

function checkContent(
  context: ReaderContext,
  subject: string,
  { value, place }: Resource,
  keys: readonly string[],
): void {
  const given = keys.filter((key) => mapOf(value)[key] !== undefined);
  if (given.length > 1)
    context.problems.push({
      path: place,
      what: `${subject} has ${given.join(" and ")}`,
      todo: "keep the one that is meant",
    });
  if (given.length > 0 || value["external"] !== undefined || value["driver"] !== undefined) return;
  const what = `${subject} has no content`;
  context.problems.push({ path: place, what, todo: `add ${keys.join(" or ")}` });
}
