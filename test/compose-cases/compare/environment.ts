import { mapOf, type JsonMap } from "../../../model/json.ts";
import type { Comparison } from "./comparison.ts";
import { compareValues, type Difference } from "./difference.ts";

/** Compares what each service finds in its environment, from `environment` and its env files together. */
export function compareEnvironment({ pairs }: Pick<Comparison, "pairs">): Difference[] {
  return pairs.flatMap(({ name, original, found }) =>
    compareValues({ aspect: "environment", service: name }, "", environmentOf(original), environmentOf(found)),
  );
}

/** A name without a value takes its value from the environment of Compose, which has no such variable here. */
function environmentOf(service: JsonMap): JsonMap {
  return mapOf(service["environment"]);
}
