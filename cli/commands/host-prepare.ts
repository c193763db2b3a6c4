import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "../../config/whole-file.ts";
import { quoteWords } from "../../model/shell.ts";
import { checkout } from "../../toolchain/paths.ts";
import { runChild } from "../../process/child.ts";
import { observerUser, slipwayRoot } from "../../remote/slipway-root.ts";
import * as declared from "../declaration/host.ts";
import { command, type CallOf } from "./command.ts";
import { openKeys } from "../ssh/keys.ts";
import { usageError } from "../options.ts";
import { UserError } from "../../model/problem.ts";

/** `slipway host prepare`: prints the script that an administrator runs once on a server. */
export const hostPrepare = command(declared.hostPrepare, printScript);

async function printScript(call: CallOf<typeof declared.hostPrepare>): Promise<number> {
  const { user = "deploy", key, local = false, "observe-key": observe } = call.options;
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user) || user === observerUser) {
    const what = `is not a Linux user name that slipway can use, got '${user}'`;
    throw new UserError({ path: "--user", what, todo: "use small letters, digits, '_' and '-', such as deploy" });
  }
  if (local && key !== undefined)
    throw usageError("--key", "is for deployments over SSH, and --local says that there are none", "leave one out");
  const observeKey = observe === undefined ? "" : givenKey("--observe-key", observe);
  const ownerKey = local ? "" : key === undefined ? await ownKey(call.environment) : givenKey("--key", key);
  if (observeKey !== "" && bodyOf(observeKey) === bodyOf(ownerKey)) {
    const todo = "make one that only previews have";
    throw new UserError({ path: "--observe-key", what: "is the key of deployments", todo });
  }
  process.stdout.write(prepareScript({ user, key: ownerKey, observeKey }));
  return 0;
}

/** Everything that differs between the scripts for two servers. */
interface Prepared {
  readonly user: string;
  /** Empty where slipway runs on the server itself. */
  readonly key: string;
  /** Empty if no key may only observe. */
  readonly observeKey: string;
}

/** The script for a server: its values first, then its commands. */
export function prepareScript({ user, key, observeKey }: Prepared): string {
  return [
    "#!/bin/sh",
    "# Prepares a server for deployments with slipway. Run it once, as root; a second run changes nothing.",
    "set -eu",
    `user=${quoteWords([user])}`,
    `key=${quoteWords([key])}`,
    `observe_key=${quoteWords([observeKey])}`,
    "",
    "helper() {",
    "  cat <<'SLIPWAY_ROOT'",
    `${slipwayRoot}SLIPWAY_ROOT`,
    "}",
    "",
    readFileSync(join(checkout, "host", "prepare", "prepare.sh"), "utf8"),
  ].join("\n");
}

/** A key's type and body, without the comment. */
function bodyOf(key: string): string {
  return key.split(" ").slice(0, 2).join(" ");
}

/** A public key that an option holds: its line, or the path of its file. */
function givenKey(option: string, given: string): string {
  const text = (readTextFile(given, option) ?? given).trim();
  if (/^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]{40,}={0,2}( [^\n]*)?$/.test(text)) return text;
  const what = text.includes("PRIVATE KEY") ? "is a private key" : "is neither a public key nor the file of one";
  throw new UserError({ path: option, what, todo: "give the file that ends in .pub, or its line" });
}

/** The key that deployments from here would use. */
async function ownKey(environment: NodeJS.ProcessEnv): Promise<string> {
  const keys = await openKeys(environment);
  try {
    const { stdout } = await runChild(["ssh-add", "-L"], { env: keys.environment });
    const [key = "", ...others] = stdout.trim().split("\n");
    if (others.length === 0) return key;
    const what = `the ssh-agent holds ${others.length + 1} keys`;
    throw new UserError({ path: "--key", what, todo: "name one of them with --key" });
  } finally {
    await keys.close();
  }
}
