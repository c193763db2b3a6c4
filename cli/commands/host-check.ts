import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostConfig } from "../../config/schema.ts";
import { connectionOf } from "../../model/connection.ts";
import { onlyTheServer } from "../../model/facts/scope.ts";
import { messageOf, UserError } from "../../model/problem.ts";
import { claimFile } from "../../model/server-places.ts";
import { runChild } from "../../process/child.ts";
import { connect } from "../../remote/connect.ts";
import type { HostClient } from "../../remote/host-client.ts";
import { ServerFault } from "../../remote/server-fault.ts";
import { slipwayRoot } from "../../remote/slipway-root.ts";
import { sshCommand, sshReason } from "../../remote/ssh.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { checkout } from "../../toolchain/paths.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import { readOptions } from "../options.ts";
import { log, print } from "../output.ts";
import { readProject, stackName } from "../pulumi.ts";
import { openKeys } from "../ssh/keys.ts";
import { stackHost } from "../stack-host.ts";
import type { Call, Command } from "./command.ts";

/** `slipway host check`: checks that a stack's server has everything that deployments need. */
export const hostCheck: Command = {
  name: "host check",
  usage: "",
  summary: "checks that the stack's server has everything that deployments need",
  details: [
    "",
    "Connects as the stack's own user. If everything is there, it brings Node and slipway's program to the server, as",
    "the first run would do; otherwise it changes nothing. The exit code is 1 if something is missing.",
  ],
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
    const faults = missing === 0 ? printFindings(await checkProgram(host, call, keys.environment)) : missing;
    print(faults === 0 ? "the server is ready" : `the server is not ready: ${faults} missing`);
    return faults === 0 ? 0 : 1;
  } finally {
    await keys.close();
  }
}

/** Runs the check on the server and returns its lines. */
async function checkHost(host: HostConfig, env: NodeJS.ProcessEnv): Promise<string[]> {
  const helper = createHash("sha256").update(slipwayRoot).digest("hex");
  const stdin = readFileSync(join(checkout, "cli", "commands", "host-check.sh"), "utf8");
  const connection = connectionOf(host);
  const { code, stdout, stderr } = await runChild(sshCommand(connection, `sh -s ${helper}`), { env, stdin });
  if (code === 0) return stdout.trimEnd().split("\n");
  const said = stderr.split(/\r?\n/).filter((line) => line !== "");
  const reason = sshReason({ code, signal: undefined, said }, connection);
  const what = `cannot be checked as ${host.user}@${host.address}:${host.port}: ${reason.message}`;
  const todo = reason instanceof ServerFault ? reason.todo : "start the server, or correct its address or port";
  throw new UserError({ path: "host", what, todo });
}

/** Starts the program on the server, which gets what it lacks for that, and asks whether it can read all claims. */
async function checkProgram(host: HostConfig, call: Call, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const connection = connectionOf(host);
  const stack = `${readProject(call).name}/${await stackName({ ...call, environment: toolEnvironment(environment) })}`;
  let client: HostClient | undefined;
  try {
    client = await connect({ connection, stack, environment, say: log });
    const { claims } = await client.observe(onlyTheServer);
    const todo = "it stops every stack of this server; restore it from a backup of the server";
    const damaged = claims.filter(({ readable }) => !readable).map((claim) => claimFile(claim.stack));
    return [`ok\tprogram\truns`, ...damaged.map((file) => `missing\treadable ${file}\t${todo}`)];
  } catch (error) {
    const todo = error instanceof ServerFault ? `; ${error.todo}` : "";
    return [`missing\tprogram\t${messageOf(error)}${todo}`];
  } finally {
    await client?.close();
  }
}

/** Prints the lines of a check, and returns how many things are missing. */
function printFindings(lines: readonly string[]): number {
  const findings = lines.map((line) => line.split("\t"));
  for (const [verdict = "", thing = "", said = ""] of findings)
    print(`${verdict.padEnd("missing".length)}  ${thing}: ${said}`);
  return findings.filter(([verdict]) => verdict === "missing").length;
}
