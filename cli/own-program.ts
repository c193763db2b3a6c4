import { readFileSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readProjectFiles } from "../config/stack-files.ts";
import { checkout } from "../toolchain/paths.ts";

/** What a Pulumi.yaml says of a program that runs as ours does. */
const programSchema = z.object({
  main: z.string(),
  runtime: z.object({ name: z.literal("nodejs"), options: z.strictObject({ typescript: z.literal(false) }) }),
});

/** Tells whether the project of a folder runs the program of this checkout in the usual way. */
export function runsOurProgram(folder: string): boolean {
  try {
    const { root } = readProjectFiles(folder);
    const { main } = programSchema.parse(parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")));
    return realpathSync(resolve(root, main)) === realpathSync(join(checkout, "index.ts"));
  } catch {
    return false; // Pulumi itself says what is wrong with a project that it cannot run
  }
}
