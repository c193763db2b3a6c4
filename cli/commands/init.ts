import { randomBytes } from "node:crypto";
import { z } from "zod";
import { readProjectFiles, requireStackFile } from "../../config/stack-files.ts";
import { UserError } from "../../model/problem.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { exitCodes } from "../exit-code.ts";
import { nextSteps, stepLines } from "../next-steps.ts";
import { log, print } from "../output.ts";
import { askPulumi, backendUrl, mustAskPulumi, stackName, stackWords, withoutPassword } from "../pulumi.ts";
import * as declared from "../declaration/project.ts";
import { command, type Answer, type Call } from "./command.ts";

const keyName = "fingerprintKey";

const configSchema = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional(), secret: z.boolean() }),
);

/** A stack's configuration, without the values of secrets. */
type StackConfig = z.output<typeof configSchema>;

/** Reads a stack's configuration through Pulumi. */
async function readStackConfig(call: Call): Promise<StackConfig> {
  return configSchema.parse(JSON.parse(await mustAskPulumi(call, ["config", "--json", ...stackWords(call)])));
}

/** `slipway init`: makes what a stack needs once. */
export const init = command(declared.init, initialise);

/** Makes the stack and its fingerprint key, unless they are there. */
export async function initialise(given: Call): Promise<Answer> {
  const files = readProjectFiles(given.folder); // before tools are installed for nothing
  await ensureTools(deployTools, log);
  const call = { ...given, environment: toolEnvironment(given.environment) };
  const stack = await stackName(call);
  requireStackFile(files, stack);
  const named = { ...call, stack: call.stack ?? stack };
  const madeStack = await makeStack(named);
  const key = (await readStackConfig(named))[`${files.project}:${keyName}`];
  if (key?.secret === false) throw notSecret(stack);
  if (key === undefined) await makeKey(named);
  const lines = [
    ...madeStack,
    ...(key === undefined ? keyLines(stack) : [`${stack}: has its ${keyName} already; it stays`]),
  ];
  const { folder, environment } = given;
  const next = await nextSteps({ folder, stack, environment, isNew: false });
  const json = { stack, madeStack: madeStack.length > 0, madeKey: key === undefined, next };
  return { exitCode: exitCodes.done, json, show: () => [...lines, ...stepLines(next)].forEach((line) => print(line)) };
}

/** Makes the stack if there is none, and returns what was done. */
async function makeStack(call: Call & { readonly stack: string }): Promise<readonly string[]> {
  const { code } = await askPulumi(call, ["stack", "--show-name", "--stack", call.stack]);
  if (code === 0) return [];
  await mustAskPulumi(call, ["stack", "init", call.stack, "--no-select"]);
  const backend = withoutPassword(await backendUrl(call));
  return [`${call.stack}: made the stack in ${backend}, which rewrote Pulumi.${call.stack}.yaml`];
}

/** The key goes by stdin: everyone on the machine can read the words of a command. */
async function makeKey(call: Call & { readonly stack: string }): Promise<void> {
  const key = randomBytes(32).toString("base64");
  await mustAskPulumi(call, ["config", "set", "--secret", keyName, "--stack", call.stack], key);
}

function keyLines(stack: string): readonly string[] {
  return [
    `${stack}: made its ${keyName}, 32 random bytes, encrypted in Pulumi.${stack}.yaml`,
    `${stack}: pulumi rewrote that file; check it with \`git diff\`, and commit it`,
  ];
}

function notSecret(stack: string): UserError {
  const todo = `remove it with \`pulumi config rm ${keyName} --stack ${stack}\`, then run \`slipway init\` again`;
  return new UserError({ path: keyName, what: `is not encrypted in the configuration of ${stack}`, todo });
}
