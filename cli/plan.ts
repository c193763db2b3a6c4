import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planFileVariable } from "../config/plan-file.ts";
import { toolEnvironment } from "../toolchain/environment.ts";
import { ensureTools } from "../toolchain/toolchain.ts";
import { deployTools } from "../toolchain/tools.ts";
import { runChild } from "./child.ts";
import type { Call, Command } from "./command.ts";
import { openKeys } from "./keys.ts";
import { note, print } from "./output.ts";
import { stackWords } from "./pulumi.ts";

/** `slipway plan --json`: what a preview found and would do, for programs. */
export const plan: Command = {
  name: "plan",
  usage: "[--json]",
  summary: "prints what a preview would send to the server",
  details: [
    "",
    "It runs `pulumi preview` and prints its plan: every document with its number, its change and what that costs.",
    "With --json all of it as one JSON object, without values of secrets.",
  ],
  run: printThePlan,
};

async function printThePlan(call: Call): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-plan-"));
  const keys = await openKeys(call.environment);
  try {
    await ensureTools(deployTools, note);
    const file = join(folder, "plan.json");
    const env = { ...toolEnvironment(keys.environment), [planFileVariable]: file };
    const words = ["pulumi", "preview", "--non-interactive", "--color", "never", ...stackWords(call)];
    const { code, stdout, stderr } = await runChild(words, { cwd: call.folder, env });
    if (code !== 0) note(stdout + stderr);
    else print(call.words.includes("--json") ? readFileSync(file, "utf8").trimEnd() : stdout.trimEnd());
    return code;
  } finally {
    await keys.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
