import { existsSync } from "node:fs";
import { join } from "node:path";
import { recipientsFor } from "../../secrets/sops/config.ts";
import { readOfflineVariables } from "../../config/offline.ts";
import { readProjectFiles } from "../../config/stack-files.ts";
import { createFiles } from "../../config/whole-file.ts";
import { UserError, configurationError } from "../../model/problem.ts";
import type { EnvVariable } from "../../model/stack/env/env-file.ts";
import { shortRecipient } from "../../secrets/age/key.ts";
import { writeSops } from "../../secrets/sops/write.ts";
import * as declared from "../declaration/env.ts";
import { command, type Answer, type Call } from "./command.ts";
import { exitCodes } from "../exit-code.ts";
import { print } from "../output.ts";
import { requireStackName } from "../stack/stack-name.ts";

/** `slipway env from-ci`: moves an environment's variables from the CI to an encrypted file. */
export const envFromCi = command(declared.envFromCi, writeFromCi);

async function writeFromCi(call: Call): Promise<Answer> {
  const stack = requireStackName(call);
  const { folder, environment } = call;
  const read = await readOfflineVariables({ folder, stack, environment }, "CI check");
  const { root } = readProjectFiles(folder);
  const path = read.draft.env.file.path;
  const file = join(root, path);
  if (existsSync(file)) {
    throw new UserError({ path, what: "exists already", todo: "change it with `sops`, or remove it first" });
  }
  const { rule, problems } = recipientsFor(root, path);
  const all = [...read.problems, ...problems];
  if (all.length > 0 || rule === undefined) throw configurationError(all);
  const { source, own, configured } = read.variables;
  const known = new Set([...Object.keys(own), ...Object.keys(configured)]);
  const secrets = source.variables.flatMap(({ name, value }) =>
    known.has(name) || value === undefined ? [] : [{ name, value }],
  );
  const text = await writeSops(secrets, { ...rule, now: new Date() });
  createFiles([{ file, text, place: path, mode: 0o644 }]);
  const { recipients } = rule;
  const lines = linesOf(path, secrets, recipients);
  const json = { stack, file: path, recipients, variables: secrets.map(({ name }) => name) };
  return { exitCode: exitCodes.done, json, show: () => lines.forEach((line) => print(line)) };
}

function linesOf(path: string, variables: readonly EnvVariable[], recipients: readonly string[]): readonly string[] {
  const odd = variables.filter(({ value }) => value.includes("\\n")).map(({ name }) => name);
  const names = variables.map(({ name }) => name).join(", ");
  const edited = "holds the two characters \\n, which `sops edit` would turn into a line end";
  return [
    `${path}: wrote ${variables.length} variables for ${recipients.map(shortRecipient).join(", ")}`,
    ...(odd.length > 0 ? [`${path}: ${odd.join(", ")} ${edited}`] : []),
    `commit it; from then on it wins, and these can be removed from the CI: ${names}`,
  ];
}
