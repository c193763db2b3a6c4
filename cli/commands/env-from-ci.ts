import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { recipientsFor } from "../../secrets/sops/config.ts";
import { readOfflineVariables } from "../../config/offline.ts";
import { readProjectFiles } from "../../config/stack-files.ts";
import { UserError, configurationError } from "../../model/problem.ts";
import type { EnvVariable } from "../../model/stack/env-file.ts";
import { shortRecipient } from "../../secrets/age/key.ts";
import { writeSops } from "../../secrets/sops/write.ts";
import type { Call, Command } from "./command.ts";
import { print } from "../output.ts";
import { ownOptions } from "../own-options.ts";
import { oneStack } from "../one-stack.ts";

/** `slipway env from-ci`: the way from the CI's variables to an encrypted file. */
export const envFromCi: Command = {
  name: "env from-ci",
  usage: "--stack <stack>",
  summary: "writes the encrypted file of an environment from the CI's variables",
  details: [
    "",
    "Run it in a job of that environment, so that its variables are there. What .env.example declares for the containers is checked and encrypted for the recipients",
    "that .sops.yaml names; no value is printed. An encrypted file that is there stays.",
  ],
  run: fromCi,
};

async function fromCi(call: Call): Promise<number> {
  ownOptions(call, []);
  const stack = oneStack(call);
  const { folder, environment } = call;
  const read = await readOfflineVariables({ folder, stack, environment }, "CI check");
  const { root } = readProjectFiles(folder);
  const path = read.draft.env.file.path;
  const file = join(root, path);
  if (existsSync(file)) {
    throw new UserError({ path, what: "is there already", todo: "change it with `sops`, or remove it first" });
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
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: "wx", mode: 0o644 });
  report(path, secrets, rule.recipients);
  return 0;
}

function report(path: string, variables: readonly EnvVariable[], recipients: readonly string[]): void {
  print(`${path}: wrote ${variables.length} variables for ${recipients.map(shortRecipient).join(", ")}`);
  const odd = variables.filter(({ value }) => value.includes("\\n")).map(({ name }) => name);
  if (odd.length > 0)
    print(`${path}: ${odd.join(", ")} holds the two characters \\n, of which \`sops edit\` would make a line end`);
  print(
    `commit it; from then on it wins, and these can be removed from the CI: ${variables.map(({ name }) => name).join(", ")}`,
  );
}
