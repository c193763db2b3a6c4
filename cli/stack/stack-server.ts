import { readProjectFiles } from "../../config/stack-files.ts";
import { connectionOf, type Connection } from "../../model/connection.ts";
import { messageOf, UserError } from "../../model/problem.ts";
import { connect } from "../../remote/connect.ts";
import type { HostClient } from "../../remote/host-client.ts";
import { problemOf } from "../../remote/observe.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { ensureTools } from "../../toolchain/toolchain.ts";
import { deployTools } from "../../toolchain/tools.ts";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import { stackName } from "../pulumi.ts";
import { openStackKeys } from "../ssh/stack-keys.ts";
import { waits } from "../waits.ts";
import { stackHost } from "./stack-host.ts";

/** The server of a stack, and what opens it. */
interface StackServer {
  /** Its path in the configuration. */
  readonly path: string;
  readonly connection: Connection;
  /** `project/stack`. */
  readonly stack: string;
  /** It names the agent with the key. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Finds the server of a stack through Pulumi, and opens its key for as long as something is done there. */
export async function withStackServer<Result>(
  call: Call,
  act: (server: StackServer) => Promise<Result>,
): Promise<Result> {
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
    return await act({ path: "host", connection: connectionOf(host), stack, environment: keys.environment });
  } finally {
    await keys.close();
  }
}

/** Connects to a server for as long as something is done there. */
export async function connected<Result>(
  { path, connection, stack, environment }: StackServer,
  act: (client: HostClient) => Promise<Result>,
): Promise<Result> {
  const client = await connect({ connection, stack, environment, say: log, waits }).catch((error: unknown) => {
    throw new UserError(problemOf({ path, connection }, error));
  });
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

/** Connects to the server of a stack for as long as something is done there. */
export async function onStackServer<Result>(call: Call, act: (client: HostClient) => Promise<Result>): Promise<Result> {
  return await withStackServer(call, (server) => connected(server, (client) => asProblem(() => act(client))));
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
