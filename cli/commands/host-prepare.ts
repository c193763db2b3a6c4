import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { quoteWords } from "../../model/shell.ts";
import { checkout } from "../../toolchain/paths.ts";
import { runChild } from "../../process/child.ts";
import type { Call, Command } from "./command.ts";
import { openKeys } from "../ssh/keys.ts";
import { readOptions } from "../options.ts";
import { UserError } from "../../model/problem.ts";

const folder = join(checkout, "host", "prepare");

/** The program with which slipway's user becomes root on a server. */
export const rootHelper = readFileSync(join(folder, "slipway-root"), "utf8");

/** `slipway host prepare`: prints the script that an administrator runs once on a server. */
export const hostPrepare: Command = {
  name: "host prepare",
  usage: "[--user deploy] [--key <public key or its file>]",
  summary: "prints the script that an administrator runs once, as root, on a server",
  details: [
    "",
    "The script makes the user, authorises the key, and allows the user one command as root, slipway-root in",
    "/usr/local/sbin. That equals root, as does membership in the group docker, which the user gets as well: the owner",
    "of the key owns the server. A second run changes nothing.",
    "",
    "Without --key it is the one key of SSH_PRIVATE_KEY or of the ssh-agent. For example:",
    "  slipway host prepare --key deploy.pub | ssh root@server bash",
  ],
  run: printScript,
};

async function printScript(call: Call): Promise<number> {
  const { user = "deploy", key } = readOptions(call, ["user", "key"]);
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) {
    const what = `is not a Linux user name, got '${user}'`;
    throw new UserError({ path: "--user", what, todo: "use small letters, digits, '_' and '-', such as deploy" });
  }
  process.stdout.write(prepareScript(user, key === undefined ? await ownKey(call.environment) : givenKey(key)));
  return 0;
}

/** The script for a server: its values first, then its commands. */
export function prepareScript(user: string, key: string): string {
  return [
    "#!/usr/bin/env bash",
    "# Prepares a server for deployments with slipway. Run it once, as root; a second run changes nothing.",
    "set -euo pipefail",
    `user=${quoteWords([user])}`,
    `key=${quoteWords([key])}`,
    "",
    "helper() {",
    "  cat <<'SLIPWAY_ROOT'",
    `${rootHelper}SLIPWAY_ROOT`,
    "}",
    "",
    readFileSync(join(folder, "prepare.sh"), "utf8"),
  ].join("\n");
}

/** The public key of --key, which holds its line or the path of its file. */
function givenKey(given: string): string {
  const text = (existsSync(given) ? readFileSync(given, "utf8") : given).trim();
  if (/^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]{40,}={0,2}( [^\n]*)?$/.test(text)) return text;
  const what = text.includes("PRIVATE KEY") ? "is a private key" : "is neither a public key nor the file of one";
  throw new UserError({ path: "--key", what, todo: "give the file that ends in .pub, or its line" });
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
