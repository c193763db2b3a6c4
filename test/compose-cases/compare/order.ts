import { mapOf, type JsonMap } from "../../../model/json.ts";
import type { Comparison, Pair } from "./comparison.ts";
import { compareValues, type Difference } from "./difference.ts";

/**
 * Compares what each service waits for. Within a project it is `depends_on` itself; across projects the document of
 * what is waited for must be applied before.
 */
export function compareOrder({ pairs }: Pick<Comparison, "pairs">): Difference[] {
  return pairs.flatMap((pair) => {
    const entries = Object.entries(mapOf(pair.original["depends_on"]))
      .map(([name, entry]) => [name, waitOf(mapOf(entry))] as const)
      // Compose waits for no service that is optional and not there.
      .filter(([name, { required }]) => required === true || pairs.some((other) => other.name === name));
    return compareValues({ aspect: "order", service: pair.name }, "depends_on.", Object.fromEntries(entries), {
      ...waitsWithin(pair),
      ...waitsAcross(pair, pairs),
    });
  });
}

function waitsWithin({ found, part }: Pair): JsonMap {
  const entries = Object.entries(mapOf(found["depends_on"]));
  return Object.fromEntries(entries.map(([key, entry]) => [part.names.get(key) ?? key, waitOf(mapOf(entry))]));
}

function waitOf({ condition = "service_started", required = true, restart }: JsonMap): JsonMap {
  return { condition, required, ...(restart === true && { restart }) };
}

/** A verb waits for the services of its document, each as it is to be: running, healthy or ended. */
function waitsAcross({ original, part }: Pair, pairs: readonly Pair[]): JsonMap {
  const waits = Object.entries(mapOf(original["depends_on"])).flatMap(([name, entry]): [string, JsonMap][] => {
    const other = pairs.find((pair) => pair.name === name);
    if (other === undefined || other.part === part) return [];
    const wait = waitOf(mapOf(entry));
    return other.part.order < part.order ? [[name, wait]] : [[name, { ...wait, condition: "starts later" }]];
  });
  return Object.fromEntries(waits);
}
