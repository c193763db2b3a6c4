import { readFileSync } from "node:fs";
import type { z } from "zod";

/** Reads the values that the test passed to this run of the program, which decides nothing by itself. */
export function given<Schema extends z.ZodType>(schema: Schema): z.infer<Schema> {
  return schema.parse(JSON.parse(readFileSync(process.env["SLIPWAY_TEST_GIVEN"] ?? "", "utf8")));
}
