import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostConfig } from "../../config/schema.ts";
import { connectionOf } from "../../model/connection.ts";
import { UserError } from "../../model/problem.ts";
import { runChild } from "../../process/child.ts";
import { sshCommand } from "../../remote/ssh.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { checkout } from "../../toolchain/paths.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { readOptions } from "../options.ts";
import { log, print } from "../output.ts";
import { openKeys } from "../ssh/keys.ts";
import { stackHost } from "../stack-host.ts";
import type { Call, Command } from "./command.ts";
import { rootHelper } from "./host-prepare.ts";

/** `slipway host check`: checks that a stack's server has everything that deployments need. */
export const hostCheck: Command = {
  name: "host check",
  usage: "",
  summary: "checks that the stack's server has everything that deployments need",
  details: ["", "Connects as the stack's own user and changes nothing. The exit code is 1 if something is missing."],
  run: checkServer,
};

async function checkServer(call: Call): Promise<number> {
  readOptions(call, []);
  const keys = await openKeys(call.environment);
  try {
    await ensureTools(deployTools, log);
    const host = await stackHost({ ...call, environment: toolEnvironment(keys.environment) });
    if (host === undefined) {
      const what = "is missing in the stack's configuration";
      throw new UserError({ path: "host", what, todo: "say there which server it is" });
    }
    const missing = printFindings(await checkHost(host, keys.environment));
    print(missing === 0 ? "the server is ready" : `the server is not ready: ${missing} missing`);
    return missing === 0 ? 0 : 1;
  } finally {
    await keys.close();
  }
}

/** Runs the check on the server and returns its lines. */
async function checkHost(host: HostConfig, env: NodeJS.ProcessEnv): Promise<string[]> {
  const helper = createHash("sha256").update(rootHelper).digest("hex");
  const stdin = readFileSync(join(checkout, "host", "prepare", "check.sh"), "utf8");
  const { code, stdout, stderr } = await runChild(sshCommand(connectionOf(host), `bash -s ${helper}`), { env, stdin });
  if (code === 0) return stdout.trimEnd().split("\n");
  const said = stderr.trim() || `ssh ended with code ${code}`;
  const what = `cannot be checked as ${host.user}@${host.address}:${host.port}: ${said}`;
  throw new UserError({ path: "host", what, todo: "let this user log in with this key: `slipway host prepare`" });
}

/** Prints the lines of a check, and returns how many things are missing. */
function printFindings(lines: readonly string[]): number {
  const findings = lines.map((line) => line.split("\t"));
  for (const [verdict = "", thing = "", said = ""] of findings)
    print(`${verdict.padEnd("missing".length)}  ${thing}: ${said}`);
  return findings.filter(([verdict]) => verdict === "missing").length;
}
