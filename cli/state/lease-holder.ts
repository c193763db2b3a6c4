import { setTimeout as pause } from "node:timers/promises";
import { findStackServer, type StackServer } from "../../config/stack-server.ts";
import { messageOf } from "../../model/problem.ts";
import { onlyTheServer } from "../../model/facts/scope.ts";
import { connect } from "../../remote/connect.ts";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import { stackName } from "../pulumi.ts";
import { waits } from "../waits.ts";

/** Milliseconds in which a server surely ends the session of a killed run: twice its own limit for a silent one. */
const timeout = 60_000;

/** A sign that a stack's session may be open. */
interface Sign {
  readonly message: string;
  /** It goes away when the session ends; the failure of a connection does not go away soon. */
  readonly passes: boolean;
}

/**
 * Asks a stack's server who holds a session of the stack, and waits for a while until that session ends, as that of a
 * killed run does soon. Returns the holder, or why the server cannot tell it; undefined if no session is open.
 */
export async function sessionHolder(call: Call): Promise<string | undefined> {
  const deadline = performance.now() + timeout;
  let logged = false;
  for (;;) {
    const sign = await askServer(call);
    if (sign?.passes !== true || performance.now() > deadline) return sign?.message;
    if (!logged) log(`${sign.message}; waits up to ${timeout / 1000} s for it to end`);
    logged = true;
    await pause(1000);
  }
}

async function askServer(call: Call): Promise<Sign | undefined> {
  const server = findStackServer(call.folder, await stackName(call), call.environment);
  if (server === undefined) return undefined;
  const { host } = server.connection;
  try {
    const holder = await leaseHolder(server, call.environment);
    if (holder?.startsWith(`${server.stack},`) !== true) return undefined;
    return { message: `a session is open on ${host}: ${holder}`, passes: true };
  } catch (error) {
    return { message: `${host} cannot be asked for an open session: ${messageOf(error)}`, passes: false };
  }
}

/** The holder of a server's lease, of whatever stack. */
async function leaseHolder(
  { connection, stack }: StackServer,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const client = await connect({ connection, stack, environment, say: () => undefined, waits });
  try {
    return (await client.observe(onlyTheServer)).leaseHolder;
  } finally {
    await client.close();
  }
}
