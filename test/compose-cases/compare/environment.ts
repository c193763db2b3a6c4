import { mapOf, type Json, type JsonMap } from "../../../model/json.ts";
import type { Comparison } from "./comparison.ts";
import { compareValues, type Difference } from "./difference.ts";

/**
 * Compares what each service finds in its environment, from `environment` and its env files together. Where the
 * original says the folder in which Compose works, a server has the stack's folder.
 */
export function compareEnvironment({ pairs, folder, config }: Comparison): Difference[] {
  const onServer = (value: Json): Json =>
    typeof value === "string" ? value.replaceAll(folder, config.directory) : value;
  return pairs.flatMap(({ name, original, found }) => {
    const entries = Object.entries(environmentOf(original)).map(([key, value]): [string, Json] => [
      key,
      onServer(value),
    ]);
    return compareValues(
      { aspect: "environment", service: name },
      "",
      Object.fromEntries(entries),
      environmentOf(found),
    );
  });
}

/** A name without a value takes its value from the environment of Compose, which has no such variable here. */
function environmentOf(service: JsonMap): JsonMap {
  return mapOf(service["environment"]);
}
