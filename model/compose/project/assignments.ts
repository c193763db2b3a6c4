import { isList, textOf, type Json, type JsonMap } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import { resolveText, type ReaderContext } from "../context.ts";
import { splitTemplate } from "../template.ts";

/** A field that is written as a list, and the places of its items. */
interface ListField {
  readonly field: string;
  readonly item: (index: number) => string;
}

/**
 * The map of a list of `NAME=value`, or of `NAME` alone for a variable without a value of its own. Compose fills in the
 * variables of a list before it makes a map of it, so here a name may have variables, but for those that are secret. In
 * a map, it may not.
 */
export function assignmentsOf(context: ReaderContext, value: Json, at: ListField): Json {
  if (!isList(value)) return value;
  const problems: Problem[] = [];
  const own = { ...context, problems };
  const assigned = value.flatMap((item, index) =>
    assignmentOf(own, textOf(item) ?? "", { field: at.field, place: at.item(index) }),
  );
  const reasons = problems.map(({ what }) => what.replace(/^(.* needs the variable .*), got .*$/s, "$1"));
  // A dozen labels may have the same variable in their names.
  context.problems.push(...problems.filter((_, index) => reasons.indexOf(reasons[index] ?? "") === index));
  return Object.fromEntries(assigned);
}

function assignmentOf(
  context: ReaderContext,
  item: string,
  { field, place }: { field: string; place: string },
): [string, Json][] {
  const [written, value] = splitTemplate(item, "=");
  const name = written.includes("$") ? resolveText(context, written, { place, name: field }) : written;
  // What is wrong with it is reported; what comes after need not report that it is missing.
  if (name === undefined) return [[written, value ?? null]];
  const sign = name.indexOf("=");
  if (sign < 0) return [[name, value ?? null]];
  const start = name.slice(sign + 1).replaceAll("$", "$$$$");
  return [[name.slice(0, sign), value === undefined ? start : `${start}=${value}`]];
}

/** Brings the labels of a volume, network, secret or config into the form of a map. */
export function withLabelMap(context: ReaderContext, value: JsonMap, place: string): JsonMap {
  const { labels } = value;
  return labels === undefined
    ? value
    : { ...value, labels: assignmentsOf(context, labels, { field: "labels", item: () => place }) };
}
