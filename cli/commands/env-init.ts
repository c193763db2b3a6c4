import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { readOfflineVariables } from "../../config/offline.ts";
import { readProjectFiles, readStackFiles, type ProjectFiles } from "../../config/stack-files.ts";
import { createFiles, replaceFile, requireReplaceable } from "../../config/whole-file.ts";
import { UserError, configurationError } from "../../model/problem.ts";
import { ownPlaceholder } from "../../secrets/source/found-variable.ts";
import type { EnvVariable } from "../../model/stack/env/env-file.ts";
import { findContract } from "../../secrets/contract/file.ts";
import { newAgeKey, readRecipient, shortRecipient } from "../../secrets/age/key.ts";
import { recipientsFor, sopsConfigName, withCreationRule } from "../../secrets/sops/config.ts";
import { sopsWords } from "../../secrets/sops/program.ts";
import { writeSops } from "../../secrets/sops/write.ts";
import * as declared from "../declaration/env.ts";
import { command, type Call, type CallOf } from "./command.ts";
import { init } from "./init.ts";
import { requireStackName } from "../stack-name.ts";
import { print } from "../output.ts";

/** `slipway env init`: makes what an environment needs once to keep its secrets in an encrypted file. */
export const envInit = command(declared.envInit, initialise);

async function initialise(call: CallOf<typeof declared.envInit>): Promise<number> {
  const { key: given, recovery } = call.options;
  const stack = requireStackName(call);
  const files = readProjectFiles(call.folder);
  const { draft } = await readOfflineVariables({ folder: call.folder, stack, environment: call.environment });
  const path = draft.env.file.path;
  const name = `${files.project}-${draft.environment}`;
  const key = keyFile(files, given, name, call.environment);
  await makeRule({ root: files.root, path, key, recovery });
  const declared = findContract(files.root, draft.env.contract).contract?.variables.values() ?? [];
  const missing = [...declared].filter(
    (variable) =>
      variable.owner === "source" && variable.optional !== true && draft.variables[variable.name] === undefined,
  );
  await makeFile(
    files.root,
    path,
    missing.map((variable) => ({ name: variable.name, value: ownPlaceholder })),
  );
  return await fingerprintKey(call, files, stack);
}

/** The file of the private key. It is outside of the repository, so that it cannot be committed by mistake. */
function keyFile({ root }: ProjectFiles, given: string | undefined, name: string, env: NodeJS.ProcessEnv): string {
  const settings = env["XDG_CONFIG_HOME"] ?? join(env["HOME"] ?? homedir(), ".config");
  const file = given === undefined ? join(settings, "slipway", "keys", `${name}.age`) : resolve(root, given);
  if (relative(root, file).startsWith("..")) return file;
  const what = `is in the project, where it could be committed, got '${file}'`;
  throw new UserError({ path: "--key", what, todo: "name a file outside of it, or omit the option" });
}

interface NewRule {
  readonly root: string;
  readonly path: string;
  readonly key: string;
  readonly recovery: string | undefined;
}

/** Adds a rule for the encrypted file to .sops.yaml, unless it has one. */
async function makeRule({ root, path, key, recovery }: NewRule): Promise<void> {
  const file = join(root, sopsConfigName);
  const { rule, absent = false, problems } = recipientsFor(root, path);
  if (rule === undefined && !absent) throw configurationError(problems);
  if (rule !== undefined) {
    print(`${sopsConfigName}: has its rule for ${path} already, for ${rule.recipients.map(shortRecipient).join(", ")}`);
    return;
  }
  if (recovery !== undefined && !/^age1[0-9a-z]{50,}$/.test(recovery)) {
    const todo = "give the age1… that `age-keygen` prints";
    const what = `is not a public key of age, got '${shortRecipient(recovery)}'`;
    throw new UserError({ path: "--recovery", what, todo });
  }
  requireReplaceable(file, sopsConfigName); // before a key is made for nothing
  const recipient = await recipientOf(key);
  const scope = "protected, masked, in the scope of this environment";
  print(`  for the CI, as SOPS_AGE_KEY_B64, ${scope}: \`base64 -w0 ${key}\``);
  print(`  for yourself: \`export SOPS_AGE_KEY_FILE=${key}\``);
  const recipients = recovery === undefined ? recipient : `${recipient},${recovery}`;
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  replaceFile(file, withCreationRule(before, path, recipients), { place: sopsConfigName });
  print(`${sopsConfigName}: a rule for ${path}, for ${recipients.split(",").map(shortRecipient).join(", ")}`);
}

/** The public half of the private key, which is made if its file is missing. */
async function recipientOf(key: string): Promise<string> {
  if (existsSync(key)) {
    const recipient = await readRecipient(key);
    print(`${key}: holds a private key already; it stays`);
    return recipient;
  }
  const { recipient, text } = await newAgeKey(new Date());
  createFiles([{ file: key, text, mode: 0o600 }]);
  print(`${key}: made the private key, readable by you alone`);
  return recipient;
}

async function makeFile(root: string, path: string, variables: readonly EnvVariable[]): Promise<void> {
  const file = join(root, path);
  if (existsSync(file)) {
    print(`${path}: exists already; left as it is`);
    return;
  }
  const { rule, problems } = recipientsFor(root, path);
  if (rule === undefined) throw configurationError(problems);
  createFiles([{ file, text: await writeSops(variables, { ...rule, now: new Date() }), place: path }]);
  const names = variables.map(({ name }) => name).join(", ");
  const content = names === "" ? "empty" : `with a placeholder for ${names}`;
  print(`${path}: made, ${content}; set the values with \`${sopsWords(path)}\``);
}

/** Makes the fingerprint key. As secret config it needs the engine, unlike everything else here. */
async function fingerprintKey(call: Call, files: ProjectFiles, stack: string): Promise<number> {
  const { texts, secure } = readStackFiles(files, stack);
  if (!secure.includes("fingerprintKey") && texts["fingerprintKey"] === undefined)
    return await init.run({ ...call, stack, words: [] });
  print(`Pulumi.${stack}.yaml: has its fingerprintKey already; it stays`);
  return 0;
}
