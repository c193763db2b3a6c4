import { randomBytes } from "node:crypto";
import { UserError } from "../../model/problem.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { nextSteps } from "../next-steps.ts";
import { readOptions } from "../options.ts";
import { log, print } from "../output.ts";
import { askPulumi, backendUrl, mustAskPulumi, readProject, stackName } from "../pulumi.ts";
import { readStackConfig } from "../stack-host.ts";
import type { Call, Command } from "./command.ts";

const keyName = "fingerprintKey";

/** `slipway init`: makes what a stack needs once. */
export const init: Command = {
  name: "init",
  usage: "",
  summary: "makes the stack, if there is none, and its fingerprint key",
  details: [
    "",
    "The key is secret config. With it a preview shows that a secret changed, but not the secret. It is never printed",
    "and never replaced, since with another key every secret would look changed. `pulumi` rewrites the stack's tracked",
    "file when it stores the key: check the file, and commit it. At its end it says what comes next.",
  ],
  run: initialise,
};

async function initialise(given: Call): Promise<number> {
  readOptions(given, []);
  await ensureTools(deployTools, log);
  const call = { ...given, environment: toolEnvironment(given.environment) };
  const stack = await stackName(call);
  const named = { ...call, stack: call.stack ?? stack };
  await makeStack(named);
  const key = (await readStackConfig(named))[`${readProject(call).name}:${keyName}`];
  if (key === undefined) await makeKey(named, stack);
  else if (key.secret) print(`${stack}: has its ${keyName} already; it stays`);
  else throw notSecret(stack);
  const { folder, environment } = given;
  (await nextSteps({ folder, stack, environment, isNew: false })).forEach((line) => print(line));
  return 0;
}

async function makeStack(call: Call & { readonly stack: string }): Promise<void> {
  const { code } = await askPulumi(call, ["stack", "--show-name", "--stack", call.stack]);
  if (code === 0) return;
  await mustAskPulumi(call, ["stack", "init", call.stack, "--no-select"]);
  print(`${call.stack}: made the stack in ${await backendUrl(call)}, which rewrote Pulumi.${call.stack}.yaml`);
}

/** The key goes by stdin: everyone on the machine can read the words of a command. */
async function makeKey(call: Call & { readonly stack: string }, stack: string): Promise<void> {
  const key = randomBytes(32).toString("base64");
  await mustAskPulumi(call, ["config", "set", "--secret", keyName, "--stack", call.stack], key);
  print(`${stack}: made its ${keyName}, 32 random bytes, encrypted in Pulumi.${stack}.yaml`);
  print(`${stack}: pulumi rewrote that file; check it with \`git diff\`, and commit it`);
}

function notSecret(stack: string): UserError {
  const todo = `remove it with \`pulumi config rm ${keyName} --stack ${stack}\`, then run \`slipway init\` again`;
  return new UserError({ path: keyName, what: `is not encrypted in the configuration of ${stack}`, todo });
}
