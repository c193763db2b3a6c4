import { readProjectFiles } from "../../../config/stack-files.ts";
import { connectionOf } from "../../../model/connection.ts";
import { messageOf, UserError } from "../../../model/problem.ts";
import { connect } from "../../../remote/connect.ts";
import type { HostClient } from "../../../remote/host-client.ts";
import { problemOf } from "../../../remote/observe.ts";
import { toolEnvironment } from "../../../toolchain/environment.ts";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { deployTools } from "../../../toolchain/tools.ts";
import { log } from "../../output.ts";
import { stackName } from "../../pulumi.ts";
import { openStackKeys } from "../../ssh/stack-keys.ts";
import { stackHost } from "../../stack-host.ts";
import type { Call } from "../command.ts";
import { waits } from "../../waits.ts";

/** Connects to the server of a stack for as long as something is done there. */
export async function onStackServer<Result>(call: Call, act: (client: HostClient) => Promise<Result>): Promise<Result> {
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
    const stack = `${project}/${await stackName(equipped)}`;
    const connection = connectionOf(host);
    const { environment } = keys;
    const client = await connect({ connection, stack, environment, say: log, waits }).catch((error: unknown) => {
      throw new UserError(problemOf({ path: "host", connection }, error));
    });
    try {
      return await asProblem(() => act(client));
    } finally {
      await client.close();
    }
  } finally {
    await keys.close();
  }
}

/** A refusal of the server's program as a problem: `<phase>: <what>; <what to do>`. */
async function asProblem<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const [, path = "host", what = messageOf(error), todo = "fix the cause above, and run it again"] =
      /^([\w -]+): (.*); ([^;]+)$/s.exec(messageOf(error)) ?? [];
    throw new UserError({ path, what, todo });
  }
}
