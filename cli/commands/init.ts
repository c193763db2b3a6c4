import { randomBytes } from "node:crypto";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import type { Call, Command } from "./command.ts";
import { note, print } from "../output.ts";
import { ownOptions } from "../own-options.ts";
import { askPulumi, backendUrl, mustAskPulumi, readProject, stackName } from "../pulumi.ts";
import { UserError } from "../../model/problem.ts";
import { readStackConfig } from "../stack-host.ts";

const keyName = "fingerprintKey";

/** Gives a stack what it needs once and for all. */
export const init: Command = {
  name: "init",
  usage: "",
  summary: "makes the stack, if there is none, and its fingerprint key",
  details: [
    "",
    "The key is secret config: by it a preview tells that a secret changed without telling the secret. It is never printed and never replaced, since with",
    "another key every secret would look changed. `pulumi` rewrites the stack's tracked file when it stores it: look at it, and commit it.",
  ],
  run: initialise,
};

async function initialise(given: Call): Promise<number> {
  ownOptions(given, []);
  await ensureTools(deployTools, note);
  const call = { ...given, environment: toolEnvironment(given.environment) };
  const stack = await stackName(call);
  const named = { ...call, stack: call.stack ?? stack };
  await makeStack(named);
  const key = (await readStackConfig(named))[`${readProject(call).name}:${keyName}`];
  if (key === undefined) await makeKey(named, stack);
  else if (key.secret) print(`${stack}: has its ${keyName} already; it stays`);
  else throw notSecret(stack);
  return 0;
}

async function makeStack(call: Call & { readonly stack: string }): Promise<void> {
  const { code } = await askPulumi(call, ["stack", "--show-name", "--stack", call.stack]);
  if (code === 0) return;
  await mustAskPulumi(call, ["stack", "init", call.stack, "--no-select"]);
  print(`${call.stack}: made the stack in ${await backendUrl(call)}; that wrote Pulumi.${call.stack}.yaml anew`);
}

/** The key goes by stdin: words of a command can be read by everybody on the machine. */
async function makeKey(call: Call & { readonly stack: string }, stack: string): Promise<void> {
  const key = randomBytes(32).toString("base64");
  await mustAskPulumi(call, ["config", "set", "--secret", keyName, "--stack", call.stack], key);
  print(`${stack}: made its ${keyName}, 32 random bytes, encrypted in Pulumi.${stack}.yaml`);
  print(`${stack}: pulumi has rewritten that file; look at it with \`git diff\`, and commit it`);
}

function notSecret(stack: string): UserError {
  const todo = `remove it with \`pulumi config rm ${keyName} --stack ${stack}\`, then run \`slipway init\` again`;
  return new UserError({ path: keyName, what: `stands unencrypted in the configuration of ${stack}`, todo });
}
