import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import { readOfflineVariables } from "../../config/offline.ts";
import { readProjectFiles, readStackFiles, type ProjectFiles } from "../../config/stack-files.ts";
import { createFiles, readTextFile, replaceFile, requireReplaceable } from "../../config/whole-file.ts";
import { UserError, configurationError } from "../../model/problem.ts";
import { ownPlaceholder } from "../../secrets/source/found-variable.ts";
import type { EnvVariable } from "../../model/stack/env/env-file.ts";
import { findContract } from "../../secrets/contract/file.ts";
import { newAgeKey, readRecipient, shortRecipient } from "../../secrets/age/key.ts";
import { recipientsFor, sopsConfigName, withCreationRule } from "../../secrets/sops/config.ts";
import { sopsWords } from "../../secrets/sops/program.ts";
import { writeSops } from "../../secrets/sops/write.ts";
import * as declared from "../declaration/env.ts";
import { command, type Answer, type Call, type CallOf } from "./command.ts";
import { initialise } from "./init.ts";
import { requireStackName } from "../stack/stack-name.ts";
import { exitCodes } from "../exit-code.ts";
import { log, print } from "../output.ts";

/** `slipway env init`: makes what an environment needs once to keep its secrets in an encrypted file. */
export const envInit = command(declared.envInit, initialiseEnvironment);

/** Things that are there after a step, by their names. */
interface Things {
  readonly made: string[];
  readonly kept: string[];
  /** Tells about one at once, since a later step may fail. */
  readonly say: (line: string) => void;
}

async function initialiseEnvironment(call: CallOf<typeof declared.envInit>): Promise<Answer> {
  const { key: given, recovery, json = false } = call.options;
  const things: Things = { made: [], kept: [], say: json ? log : print };
  const stack = requireStackName(call);
  const files = readProjectFiles(call.folder);
  const { draft } = await readOfflineVariables({ folder: call.folder, stack, environment: call.environment });
  const path = draft.env.file.path;
  const name = `${files.project}-${draft.environment}`;
  const key = keyFile(files, given, name, call.environment);
  await makeRule({ root: files.root, path, key: { file: key, isGiven: given !== undefined }, recovery }, things);
  const declared = findContract(files.root, draft.env.contract).contract?.variables.values() ?? [];
  const missing = [...declared].filter(
    (variable) =>
      variable.owner === "source" && variable.optional !== true && draft.variables[variable.name] === undefined,
  );
  const placeholders = missing.map((variable) => ({ name: variable.name, value: ownPlaceholder }));
  await makeFile(files.root, path, placeholders, things);
  const { made, kept } = things;
  const { json: ofKey, show } = await fingerprintKey(call, files, stack);
  return { exitCode: exitCodes.done, json: { stack, made, kept, init: ofKey }, show };
}

/** The file of the private key. It is outside of the repository, so that it cannot be committed by mistake. */
function keyFile({ root }: ProjectFiles, given: string | undefined, name: string, env: NodeJS.ProcessEnv): string {
  const { XDG_CONFIG_HOME: named = "", HOME: home = homedir() } = env;
  const settings = isAbsolute(named) ? named : join(home, ".config");
  const file = given === undefined ? join(settings, "slipway", "keys", `${name}.age`) : resolve(root, given);
  if (relative(root, file).startsWith("..")) return file;
  const what = `is in the project, where it could be committed, got '${file}'`;
  throw new UserError({ path: "--key", what, todo: "name a file outside of it, or omit the option" });
}

interface NewRule {
  readonly root: string;
  /** The encrypted file. */
  readonly path: string;
  readonly key: { readonly file: string; readonly isGiven: boolean };
  readonly recovery: string | undefined;
}

/** Adds a rule for the encrypted file to .sops.yaml, unless it has one. */
async function makeRule({ root, path, key, recovery }: NewRule, things: Things): Promise<void> {
  const file = join(root, sopsConfigName);
  const { rule, absent = false, problems } = recipientsFor(root, path);
  if (rule === undefined && !absent) throw configurationError(problems);
  if (rule !== undefined) {
    await ensureRuleHas(rule.recipients, { path, key, recovery });
    things.kept.push(sopsConfigName);
    const readers = rule.recipients.map(shortRecipient).join(", ");
    things.say(`${sopsConfigName}: has its rule for ${path} already, for ${readers}`);
    return;
  }
  if (recovery !== undefined && !/^age1[0-9a-z]{50,}$/.test(recovery)) {
    const todo = "give the age1… that `age-keygen` prints";
    const what = `is not a public key of age, got '${shortRecipient(recovery)}'`;
    throw new UserError({ path: "--recovery", what, todo });
  }
  requireReplaceable(file, sopsConfigName); // before a key is made for nothing
  const recipient = await recipientOf(key.file, things);
  const recipients = recovery === undefined ? recipient : `${recipient},${recovery}`;
  const before = readTextFile(file, sopsConfigName) ?? "";
  replaceFile(file, withCreationRule(before, path, recipients), { place: sopsConfigName });
  things.made.push(sopsConfigName);
  things.say(`${sopsConfigName}: a rule for ${path}, for ${recipients.split(",").map(shortRecipient).join(", ")}`);
}

/** Requires that a rule which stays has the keys that the command line names. */
async function ensureRuleHas(
  recipients: readonly string[],
  { path, key, recovery }: Omit<NewRule, "root">,
): Promise<void> {
  const what = `is not among the keys of ${sopsConfigName}'s rule for ${path}, which stays`;
  const todo = `leave it out, or add its public key there and run \`sops updatekeys ${path}\``;
  const own = key.isGiven && existsSync(key.file) ? await readRecipient(key.file) : undefined;
  const named = [
    ...(key.isGiven ? [{ option: "--key", recipient: own }] : []),
    ...(recovery === undefined ? [] : [{ option: "--recovery", recipient: recovery }]),
  ];
  const absent = named.filter(({ recipient }) => recipient === undefined || !recipients.includes(recipient));
  if (absent.length > 0) throw new UserError(absent.map(({ option }) => ({ path: option, what, todo })));
}

/** The public half of the private key, which is made if its file is missing. */
async function recipientOf(key: string, things: Things): Promise<string> {
  const isThere = existsSync(key);
  const { recipient, text } = isThere ? { recipient: await readRecipient(key) } : await newAgeKey(new Date());
  if (text !== undefined) createFiles([{ file: key, text, mode: 0o600 }]);
  (isThere ? things.kept : things.made).push(key);
  things.say(
    `${key}: ${isThere ? "holds a private key already; it stays" : "made the private key, readable by you alone"}`,
  );
  things.say(
    `  for the CI, as SOPS_AGE_KEY_B64, protected, masked, in the scope of this environment: \`base64 -w0 ${key}\``,
  );
  things.say(`  for yourself: \`export SOPS_AGE_KEY_FILE=${key}\``);
  return recipient;
}

async function makeFile(
  root: string,
  path: string,
  variables: readonly EnvVariable[],
  { made, kept, say }: Things,
): Promise<void> {
  const file = join(root, path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) {
    kept.push(path);
    say(`${path}: exists already; left as it is`);
    return;
  }
  const { rule, problems } = recipientsFor(root, path);
  if (rule === undefined) throw configurationError(problems);
  createFiles([{ file, text: await writeSops(variables, { ...rule, now: new Date() }), place: path }]);
  made.push(path);
  const names = variables.map(({ name }) => name).join(", ");
  const content = names === "" ? "empty" : `with a placeholder for ${names}`;
  say(`${path}: made, ${content}; set the values with \`${sopsWords(path)}\``);
}

/** Makes the fingerprint key. As secret config it needs the engine, unlike everything else here. */
async function fingerprintKey(call: Call, files: ProjectFiles, stack: string): Promise<Pick<Answer, "json" | "show">> {
  const { texts, secure } = readStackFiles(files, stack);
  if (!secure.includes("fingerprintKey") && texts["fingerprintKey"] === undefined)
    return await initialise({ ...call, stack, words: [] });
  const line = `Pulumi.${stack}.yaml: has its fingerprintKey already; it stays`;
  return { json: { stack, madeStack: false, madeKey: false }, show: () => print(line) };
}
