import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostConfig } from "../../config/schema.ts";
import { connectionOf } from "../../model/connection.ts";
import { sshCommand } from "../../remote/ssh.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { checkout } from "../../toolchain/paths.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { runChild } from "../../process/child.ts";
import type { Call, Command } from "./command.ts";
import { rootHelper } from "./host-prepare.ts";
import { openKeys } from "../ssh/keys.ts";
import { note, print } from "../output.ts";
import { ownOptions } from "../own-options.ts";
import { UserError } from "../../model/problem.ts";
import { stackHost } from "../stack-host.ts";

/** Says whether a stack's server has what deployments need. */
export const hostCheck: Command = {
  name: "host check",
  usage: "",
  summary: "says what the stack's server has of what deployments need, and what is missing",
  details: ["", "Connects as the stack's own user and changes nothing. The exit code is 1 where something is missing."],
  run: check,
};

async function check(call: Call): Promise<number> {
  ownOptions(call, []);
  const keys = await openKeys(call.environment);
  try {
    await ensureTools(deployTools, note);
    const host = await stackHost({ ...call, environment: toolEnvironment(keys.environment) });
    if (host === undefined) {
      throw new UserError({
        path: "host",
        what: "is missing in the stack's configuration",
        todo: "say there which server it is",
      });
    }
    return report(await look(host, keys.environment));
  } finally {
    await keys.close();
  }
}

/** Runs the check on the server and gives its lines. */
async function look(host: HostConfig, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const helper = createHash("sha256").update(rootHelper).digest("hex");
  const stdin = readFileSync(join(checkout, "host", "prepare", "check.sh"), "utf8");
  const { code, stdout, stderr } = await runChild(sshCommand(connectionOf(host), `bash -s ${helper}`), { env, stdin });
  if (code === 0) return stdout.trimEnd().split("\n");
  const what = `cannot be looked at as ${host.user}@${host.address}:${host.port}: ${stderr.trim() || `ssh ended with code ${code}`}`;
  throw new UserError({
    path: "host",
    what,
    todo: "see that this user may log in with this key: `slipway host prepare`",
  });
}

function report(lines: readonly string[]): number {
  const found = lines.map((line) => line.split("\t"));
  for (const [verdict = "", thing = "", said = ""] of found)
    print(`${verdict.padEnd("missing".length)}  ${thing}: ${said}`);
  const missing = found.filter(([verdict]) => verdict === "missing").length;
  print(missing === 0 ? "the server is ready" : `the server is not ready: ${missing} missing`);
  return missing === 0 ? 0 : 1;
}
