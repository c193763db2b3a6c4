import { z } from "zod";
import { UserError, type Problem } from "../model/problem.ts";
import { runChild, type Ended } from "../process/child.ts";
import { keylessEnvironment } from "../process/environment.ts";
import type { Call } from "./commands/command.ts";
import { missingStack, shortStackName } from "./stack/stack-name.ts";
import { waits } from "./waits.ts";

/** Runs `pulumi` for its answer and shows nothing of it. */
export function askPulumi(call: Call, words: readonly string[], stdin = ""): Promise<Ended> {
  const options = { cwd: call.folder, env: keylessEnvironment(call.environment), stdin };
  const asked = `waits for \`pulumi ${words[0] ?? ""}\``;
  return waits.during(asked, () => runChild(["pulumi", ...words, "--non-interactive"], options));
}

/** Runs `pulumi` for its answer; a failure ends the command. */
export async function mustAskPulumi(call: Call, words: readonly string[], stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await askPulumi(call, words, stdin);
  if (code === 0) return stdout.trim();
  const said = stderr.trim().replace(/^error: /, "");
  throw (
    explainedFault(said, call) ??
    new UserError({ path: `pulumi ${words[0] ?? ""}`, what: said, todo: "correct that, and run it again" })
  );
}

/** What Pulumi says of a fault that people often meet, in words with a way out; undefined for all others. */
export function explainedFault(
  said: string,
  { environment, folder }: Pick<Call, "environment" | "folder">,
): UserError | undefined {
  const { PULUMI_BACKEND_URL: url = "" } = environment;
  const passphrase = "PULUMI_CONFIG_PASSPHRASE";
  const [, missing] = /no stack named '([^']+)' found/.exec(said) ?? [];
  if (missing !== undefined) {
    const todo = `make it with \`slipway init --stack ${missing}\`, or correct its name or the backend`;
    return new UserError({ path: "--stack", what: `names no stack of the backend, got '${missing}'`, todo });
  }
  if (said.includes("no stack selected")) return missingStack(folder);
  if (said.includes("PULUMI_ACCESS_TOKEN must be set")) return new UserError(withoutBackend(url));
  const [, place, why] = /unable to open state directory "([^"]+)": (.*)/.exec(said) ?? [];
  if (place !== undefined && why !== undefined) {
    const what = `leads to no folder that can be used, got '${withoutPassword(place)}': ${why}`;
    return new UserError({
      path: url === "" ? "pulumi login" : backendVariable,
      what,
      todo: "make it, or correct the URL",
    });
  }
  if (said.includes("passphrase must be set")) {
    const todo = `set it, or name a file with it in ${passphrase}_FILE; keep it, since nobody can restore it`;
    return new UserError({ path: passphrase, what: "is not set, and it encrypts the stack's secrets", todo });
  }
  if (!said.includes("incorrect passphrase")) return undefined;
  return new UserError({
    path: passphrase,
    what: "is not the one that encrypts the stack's secrets",
    todo: "correct it",
  });
}

/** The URL of a backend for people: that of a database may hold a password. */
export function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//…@");
}

const backendVariable = "PULUMI_BACKEND_URL";

function withoutBackend(url: string): Problem {
  const example = "file:///var/lib/pulumi-state";
  if (url !== "") {
    const what = `leads to a service that wants a token, got '${withoutPassword(url)}'`;
    return { path: backendVariable, what, todo: `set PULUMI_ACCESS_TOKEN, or use a URL such as ${example}` };
  }
  return {
    path: backendVariable,
    what: "is not set, and pulumi is logged in nowhere, so it is not known where states are kept",
    todo: `set it to a URL such as ${example}, or run \`pulumi login <url>\` once`,
  };
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
