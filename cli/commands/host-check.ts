import { onlyTheServer } from "../../model/facts/scope.ts";
import * as declared from "../declaration/host.ts";
import { exitCodes } from "../exit-code.ts";
import { countMissing, findingLine } from "../finding.ts";
import { print } from "../output.ts";
import { checkServer } from "../server-check.ts";
import { withStackServer } from "../stack/stack-server.ts";
import { command, type Answer, type Call } from "./command.ts";

/** `slipway host check`: checks that a stack's server has everything that deployments need. */
export const hostCheck = command(declared.hostCheck, checkStackServer);

async function checkStackServer(call: Call): Promise<Answer> {
  const { findings } = await withStackServer(call, (server) => checkServer({ ...server, scope: onlyTheServer }));
  const count = countMissing(findings);
  const lines = [
    ...findings.map(findingLine),
    count === 0 ? "the server is ready" : `the server is not ready: ${count} missing`,
  ];
  const exitCode = count === 0 ? exitCodes.done : exitCodes.refused;
  return { exitCode, json: { exitCode, findings }, show: () => lines.forEach((line) => print(line)) };
}
