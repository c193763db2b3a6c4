import { randomBytes } from "node:crypto";
import { configurationError, type Problem } from "../../model/problem.ts";
import { envFileProblems, type EnvVariable } from "../../model/stack/env/env-file.ts";
import { wrapDataKey } from "./data-key.ts";
import { encryptValue, macOf } from "./cipher.ts";
import { writeSopsMetadata } from "./metadata.ts";
import { defaultRule, encryptionRule, type SopsRule } from "./rule.ts";

/** The settings for encrypting a file. */
export interface SopsSettings {
  /** Public keys of age; each of their owners can read the file alone. */
  readonly recipients: readonly string[];
  readonly now: Date;
  readonly rule?: SopsRule;
  readonly macOnlyEncrypted?: boolean;
}

/** Writes variables as a SOPS dotenv file, which `sops` accepts as its own. */
export async function writeSops(variables: readonly EnvVariable[], settings: SopsSettings): Promise<string> {
  const { recipients, now, rule = defaultRule, macOnlyEncrypted = false } = settings;
  const encrypts = encryptionRule(rule);
  const problems = [...envFileProblems(variables, "env"), ...reserved(variables)];
  if (recipients.length === 0 || encrypts === undefined) problems.push(unusable(recipients));
  if (problems.length > 0 || encrypts === undefined) throw configurationError(problems);
  const key = randomBytes(32);
  const lastModified = now.toISOString().replace(/\.\d+Z$/, "Z");
  const lines = variables.map(({ name, value }) => ({ name, text: value, encrypted: encrypts(name, []) }));
  const mac = encryptValue(macOf(lines, macOnlyEncrypted), key, lastModified);
  const age = await wrapDataKey(key, recipients);
  const body = lines.map(({ name, text, encrypted }) => {
    return `${name}=${encrypted ? encryptValue(text, key, `${name}:`) : text.replaceAll("\n", "\\n")}\n`;
  });
  return body.join("") + writeSopsMetadata({ age, lastModified, mac, rule, macOnlyEncrypted });
}

function reserved(variables: readonly EnvVariable[]): Problem[] {
  return variables
    .filter(({ name }) => name.startsWith("sops_"))
    .map(({ name }) => ({ path: `env.${name}`, what: "is a name that SOPS reserves", todo: "rename it" }));
}

function unusable(recipients: readonly string[]): Problem {
  const what = recipients.length === 0 ? "has no recipient for the file" : "has a rule that only SOPS can read";
  return { path: ".sops.yaml", what, todo: "correct it, or encrypt the file with `sops` itself" };
}
