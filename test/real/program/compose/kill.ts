import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { z } from "zod";
import { checkout } from "../../../../toolchain/paths.ts";
import type { taskSchema } from "./killed-verb.ts";

/** Runs a verb in a process that is killed at a step; fails if it is not. */
export function killVerb(task: z.input<typeof taskSchema>): void {
  const entry = join(checkout, "test", "real", "program", "compose", "killed-verb.ts");
  const { signal, stderr } = spawnSync(process.execPath, [entry], { input: JSON.stringify(task), encoding: "utf8" });
  if (signal !== "SIGKILL") throw new Error(`the verb was not killed at '${task.step}': ${stderr}`);
}
