import { readStackServer, type StackServer } from "../../config/stack-server.ts";
import { messageOf, UserError } from "../../model/problem.ts";
import { connect } from "../../remote/connect.ts";
import type { HostClient } from "../../remote/host-client.ts";
import { problemOf } from "../../remote/observe.ts";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import { openStackKeys } from "../ssh/stack-keys.ts";
import { waits } from "../waits.ts";
import { nameOfStack } from "./declared-stack.ts";

/** The server of a stack, and what opens it. */
interface OpenedServer extends StackServer {
  /** It names the agent with the key. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Finds the server of a stack in its file, and opens its key for as long as something is done there. */
export async function withStackServer<Result>(
  call: Call,
  act: (server: OpenedServer) => Promise<Result>,
): Promise<Result> {
  const name = nameOfStack(call);
  const server = readStackServer(call.folder, name, call.environment);
  const keys = await openStackKeys(call, [name]);
  try {
    return await act({ ...server, environment: keys.environment });
  } finally {
    await keys.close();
  }
}

/** Connects to a server for as long as something is done there. */
export async function connected<Result>(
  { path, connection, stack, environment }: OpenedServer,
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
