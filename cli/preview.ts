import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { writeDriftVariable, writePlanVariable, writeProblemsVariable } from "../config/plan-variables.ts";
import { readProjectFiles } from "../config/stack-files.ts";
import type { Problem } from "../model/problem.ts";
import { runChild, type ChildOptions, type Ended } from "../process/child.ts";
import { toolEnvironment } from "../toolchain/environment.ts";
import { ensureTools } from "../toolchain/toolchain.ts";
import { deployTools } from "../toolchain/tools.ts";
import type { Call } from "./commands/command.ts";
import { clientOf, EarlyHost } from "./early-host.ts";
import { log } from "./output.ts";
import { stackWords } from "./pulumi.ts";
import { openStackKeys } from "./ssh/stack-keys.ts";
import { waits } from "./waits.ts";

/** The end of a preview, with what the program wrote during it. */
interface Preview {
  readonly ended: Ended;
  /** JSON; undefined where there is none. */
  readonly plan: string | undefined;
  /** JSON; undefined where the server was not observed. */
  readonly drift: string | undefined;
  /** Mistakes of the user that ended the program. */
  readonly problems: readonly Problem[];
}

const problemsSchema = z.array(z.object({ path: z.string(), what: z.string(), todo: z.string() }));

/** Runs `pulumi preview` and collects what the program writes. */
export async function runPreview(call: Call): Promise<Preview> {
  readProjectFiles(call.folder); // before keys are asked for in a folder without a project
  const folder = mkdtempSync(join(tmpdir(), "slipway-preview-"));
  const file = (name: string): string => join(folder, `${name}.json`);
  const written = (name: string): string | undefined => readWhole(file(name));
  const keys = await openStackKeys(call);
  try {
    await ensureTools(deployTools, log);
    const environment = {
      ...toolEnvironment(keys.environment),
      [writePlanVariable]: file("plan"),
      [writeDriftVariable]: file("drift"),
      [writeProblemsVariable]: file("problems"),
    };
    await using host = await EarlyHost.start({ ...call, words: [], environment });
    const client = clientOf(host, environment);
    const options = ["--non-interactive", "--color", "never", ...stackWords(call), ...client.words];
    const ended = await preview(options, { cwd: call.folder, env: client.environment });
    const problems = problemsSchema.parse(JSON.parse(written("problems") ?? "[]"));
    return { ended, plan: written("plan"), drift: written("drift"), problems };
  } finally {
    await keys.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Pulumi's preview. Our program shows what it waits for. */
async function preview(options: readonly string[], place: Pick<ChildOptions, "cwd" | "env">): Promise<Ended> {
  let what = "waits for `pulumi preview`";
  const onLine = (line: string): void => void (what = shownWait(line) ?? what);
  using _wait = waits.begin(() => what);
  return await runChild(["pulumi", "preview", ...options], { ...place, onLine });
}

/** What the program waits for by a line of Pulumi; undefined if the line does not say so. */
export function shownWait(line: string): string | undefined {
  return / pulumi:pulumi:Stack \S+ \S+ (\S.*), \d+ s$/.exec(line.trimEnd())?.[1];
}

/** Reads a file of JSON; undefined if it is missing or was written in part, since Pulumi's own output says why. */
function readWhole(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}
