import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { composeSchemaOf, type ComposeSchema } from "../../model/compose/schema.ts";

let known: ComposeSchema | undefined;

/**
 * The schema of the Compose specification, from the copy that dclint keeps up to date. The file is read once, when the
 * first compose file is.
 */
export function composeSpecification(): ComposeSchema {
  if (known !== undefined) return known;
  const folder = dirname(createRequire(import.meta.url).resolve("dclint/package.json"));
  known = composeSchemaOf(JSON.parse(readFileSync(join(folder, "schemas", "compose.schema.json"), "utf8")));
  return known;
}
