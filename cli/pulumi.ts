import { z } from "zod";
import { UserError } from "../model/problem.ts";
import { runChild, type Ended } from "../process/child.ts";
import { keylessEnvironment } from "../process/environment.ts";
import type { Call } from "./commands/command.ts";
import { shortStackName } from "./stack-name.ts";

/** Runs `pulumi` for its answer and shows nothing of it. */
export function askPulumi(call: Call, words: readonly string[], stdin = ""): Promise<Ended> {
  return runChild(["pulumi", ...words, "--non-interactive"], {
    cwd: call.folder,
    env: keylessEnvironment(call.environment),
    stdin,
  });
}

/** Runs `pulumi` for its answer; a failure ends the command. */
export async function mustAskPulumi(call: Call, words: readonly string[], stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await askPulumi(call, words, stdin);
  if (code === 0) return stdout.trim();
  const what = stderr.trim().replace(/^error: /, "");
  const [, missing] = /no stack named '([^']+)' found/.exec(what) ?? [];
  const todo =
    missing === undefined
      ? "see `slipway help`, or give --stack and -C"
      : `make it with \`slipway init --stack ${missing}\`, or correct its name or the backend`;
  throw new UserError({ path: `pulumi ${words[0] ?? ""}`, what, todo });
}

/** The words that name the call's stack to Pulumi. */
export function stackWords({ stack }: Call): readonly string[] {
  return stack === undefined ? [] : ["--stack", stack];
}

/** The name of the given or selected stack, without its project and organization. */
export async function stackName(call: Call): Promise<string> {
  return shortStackName(call.stack ?? (await mustAskPulumi(call, ["stack", "--show-name"])));
}

/** The backend that keeps the state, such as `file:///var/lib/pulumi` or `s3://bucket`. */
export async function backendUrl(call: Call): Promise<string> {
  // Pulumi gives this variable precedence over everything else that names a backend.
  const { PULUMI_BACKEND_URL: given = "" } = call.environment;
  if (given !== "") return given;
  return z.object({ url: z.string() }).parse(JSON.parse(await mustAskPulumi(call, ["whoami", "--json"]))).url;
}
