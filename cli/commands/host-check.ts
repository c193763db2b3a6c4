import { readProjectFiles } from "../../config/stack-files.ts";
import { connectionOf } from "../../model/connection.ts";
import { onlyTheServer } from "../../model/facts/scope.ts";
import { UserError } from "../../model/problem.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import * as declared from "../declaration/host.ts";
import { exitCodes } from "../exit-code.ts";
import { countMissing, findingLine } from "../finding.ts";
import { log, print } from "../output.ts";
import { stackName } from "../pulumi.ts";
import { checkServer } from "../server-check.ts";
import { openStackKeys } from "../ssh/stack-keys.ts";
import { stackHost } from "../stack-host.ts";
import { command, type Answer, type Call } from "./command.ts";

/** `slipway host check`: checks that a stack's server has everything that deployments need. */
export const hostCheck = command(declared.hostCheck, checkStackServer);

async function checkStackServer(call: Call): Promise<Answer> {
  const { project } = readProjectFiles(call.folder); // before keys are asked for in a folder without a project
  const keys = await openStackKeys(call);
  try {
    await ensureTools(deployTools, log);
    const equipped = { ...call, environment: toolEnvironment(keys.environment) };
    const host = await stackHost(equipped);
    if (host === undefined) {
      const what = "is missing in the stack's configuration";
      throw new UserError({ path: "host", what, todo: "say there which server it is" });
    }
    const { findings } = await checkServer({
      connection: connectionOf(host),
      stack: `${project}/${await stackName(equipped)}`,
      scope: onlyTheServer,
      environment: keys.environment,
    });
    const count = countMissing(findings);
    const lines = [
      ...findings.map(findingLine),
      count === 0 ? "the server is ready" : `the server is not ready: ${count} missing`,
    ];
    const exitCode = count === 0 ? exitCodes.done : exitCodes.refused;
    return { exitCode, json: { exitCode, findings }, show: () => lines.forEach((line) => print(line)) };
  } finally {
    await keys.close();
  }
}
