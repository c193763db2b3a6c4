import type { JsonMap } from "../../../model/json.ts";
import type { Comparison } from "./comparison.ts";
import { compareValues, leavesOf, type Difference } from "./difference.ts";

/** The fields that other files of this folder compare by their meaning. */
const elsewhere: ReadonlySet<string> = new Set([
  "configs",
  "depends_on",
  "env_file",
  "environment",
  "links",
  "networks",
  "ports",
  "secrets",
  "tmpfs",
  "volumes",
]);

/** Compares every other field of each service, whatever its name is. */
export function compareFields({ pairs }: Pick<Comparison, "pairs">): Difference[] {
  return pairs.flatMap(({ name, original, found }) =>
    compareValues({ aspect: "fields", service: name }, "", leavesOf(own(original)), leavesOf(own(found))),
  );
}

function own(service: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(service).filter(([key, value]) => !elsewhere.has(key) && value !== null));
}
