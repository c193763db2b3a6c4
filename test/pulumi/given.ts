import { readFileSync } from "node:fs";
import type { z } from "zod";

/** What the test told this run of the program; the program decides nothing by itself. */
export function given<Schema extends z.ZodType>(schema: Schema): z.infer<Schema> {
  return schema.parse(JSON.parse(readFileSync(process.env["SLIPWAY_TEST_GIVEN"] ?? "", "utf8")));
}
