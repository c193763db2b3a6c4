import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolEnvironment } from "../toolchain/environment.ts";
import { ensureTools } from "../toolchain/toolchain.ts";
import { deployTools } from "../toolchain/tools.ts";
import { runChild, type Ended } from "../process/child.ts";
import type { Call } from "./commands/command.ts";
import { openKeys } from "./ssh/keys.ts";
import { note } from "./output.ts";
import { stackWords } from "./pulumi.ts";

/** How a preview ended, and what the program left in the file that it was given. */
interface Previewed {
  readonly ended: Ended;
  /** Undefined where it left nothing. */
  readonly left: string | undefined;
}

/** Runs `pulumi preview` for what the program leaves in a file; the variable names the file to it. */
export async function previewFor(call: Call, variable: string): Promise<Previewed> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-preview-"));
  const keys = await openKeys(call.environment);
  try {
    await ensureTools(deployTools, note);
    const file = join(folder, "left.json");
    const env = { ...toolEnvironment(keys.environment), [variable]: file };
    const words = ["pulumi", "preview", "--non-interactive", "--color", "never", ...stackWords(call)];
    const ended = await runChild(words, { cwd: call.folder, env });
    return { ended, left: existsSync(file) ? readFileSync(file, "utf8") : undefined };
  } finally {
    await keys.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
