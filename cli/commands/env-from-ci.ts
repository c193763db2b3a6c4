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
import { command, type Call } from "./command.ts";
import { print } from "../output.ts";
import { requireStackName } from "../stack-name.ts";

/** `slipway env from-ci`: moves an environment's variables from the CI to an encrypted file. */
export const envFromCi = command(declared.envFromCi, writeFromCi);

async function writeFromCi(call: Call): Promise<number> {
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
  report(path, secrets, rule.recipients);
  return 0;
}

function report(path: string, variables: readonly EnvVariable[], recipients: readonly string[]): void {
  print(`${path}: wrote ${variables.length} variables for ${recipients.map(shortRecipient).join(", ")}`);
  const odd = variables.filter(({ value }) => value.includes("\\n")).map(({ name }) => name);
  if (odd.length > 0)
    print(`${path}: ${odd.join(", ")} holds the two characters \\n, which \`sops edit\` would turn into a line end`);
  const names = variables.map(({ name }) => name).join(", ");
  print(`commit it; from then on it wins, and these can be removed from the CI: ${names}`);
}
