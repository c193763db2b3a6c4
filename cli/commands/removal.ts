import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { readProjectFiles } from "../../config/stack-files.ts";
import { findStackServer, type StackServer } from "../../config/stack-server.ts";
import { isProtected } from "../../model/facts/claim.ts";
import { messageOf, UserError } from "../../model/problem.ts";
import { onlyTheServer } from "../../model/facts/scope.ts";
import { connect } from "../../remote/connect.ts";
import type { HostClient } from "../../remote/host-client.ts";
import { newRun, type Run } from "../../remote/run.ts";
import { openRemoval } from "../../remote/session.ts";
import { log } from "../output.ts";
import { stackName } from "../pulumi.ts";
import type { destroy } from "../declaration/operations.ts";
import type { Call, CallOf } from "./command.ts";
import { waits } from "../waits.ts";

const option = "--destroy-protected";

/** A stack to remove. */
interface RemovedStack {
  /** Its own name, such as `production`. */
  readonly name: string;
  /** Its name with the project, as the server knows it. */
  readonly fullName: string;
  /** The name that the command line confirms, if it confirms one. */
  readonly confirmed: string | undefined;
}

/**
 * Runs `pulumi destroy`. The server of a protected stack removes nothing without a session for that purpose. This opens
 * one when the stack's name is confirmed, and keeps it open while Pulumi runs.
 */
export async function withRemoval(
  { options: { "destroy-protected": confirmed }, ...rest }: CallOf<typeof destroy>,
  run: (call: Call) => Promise<number>,
): Promise<number> {
  if (rest.words.includes("--preview-only")) return await run(rest);
  const name = await stackName(rest);
  if (confirmed !== undefined && confirmed !== name) {
    const what = `names another stack than the one to remove, got '${confirmed}' for ${name}`;
    throw new UserError({ path: option, what, todo: "correct one of the two" });
  }
  const session = await openRemovalSession(rest, {
    name,
    fullName: `${readProjectFiles(rest.folder).project}/${name}`,
    confirmed,
  });
  let code: number | undefined;
  try {
    code = await run(rest);
    return code;
  } finally {
    await session?.close(code === 0 ? undefined : "the removal failed");
  }
}

/**
 * Opens the session that the removal of a protected stack needs; undefined if the server needs none, or does not
 * answer.
 */
async function openRemovalSession(call: Call, removed: RemovedStack): Promise<HostClient | undefined> {
  const server = knownServer(call, removed);
  if (server === undefined) return undefined;
  const run = newRun(removed.fullName, call.environment, new Date());
  const client = await connectIfProtected(server, call, removed);
  if (client === undefined) return undefined;
  try {
    await requireName(removed, process.stdin);
    await open(client, run);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The server of a stack, if the configuration names one. Without it, the server refuses by itself. */
function knownServer({ folder, environment }: Call, { name, fullName }: RemovedStack): StackServer | undefined {
  try {
    return findStackServer(folder, name, environment);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log(`the configuration names no server to ask whether ${fullName} is protected: ${error.message}`);
    return undefined;
  }
}

/** Connects to the server of a protected stack; undefined if the stack is not protected, or nothing could be asked. */
async function connectIfProtected(
  { connection }: StackServer,
  { environment }: Call,
  { fullName }: RemovedStack,
): Promise<HostClient | undefined> {
  let client: HostClient | undefined;
  try {
    client = await connect({ connection, stack: fullName, environment, say: log, waits });
    if (isProtected(await client.observe(onlyTheServer))) return client;
  } catch (error) {
    log(`${connection.host} cannot be asked whether ${fullName} is protected: ${messageOf(error)}`);
  }
  await client?.close();
  return undefined;
}

async function open(client: HostClient, run: Run): Promise<void> {
  try {
    await openRemoval(client, run);
  } catch (error) {
    const what = `the session did not open: ${messageOf(error)}`;
    throw new UserError({ path: "host", what, todo: "nothing was removed; run `slipway destroy` again" });
  }
}

/** Requires that the name of a protected stack is confirmed, on the command line or on a terminal. */
export async function requireName(
  { name, fullName, confirmed }: RemovedStack,
  input: Readable & { readonly isTTY?: boolean },
): Promise<void> {
  if (confirmed === name) return;
  const what = "is protected";
  if (input.isTTY !== true) {
    const todo = `run it on a terminal, which asks for the stack's name, or add ${option} ${name}`;
    throw new UserError({ path: fullName, what, todo });
  }
  process.stderr.write(`${fullName} is protected. All of it but its data volumes is removed. Type ${name} to go on: `);
  const typed = await firstLine(input);
  if (typed === name) return;
  throw new UserError({ path: fullName, what: `${what}, and its name is not '${typed}'`, todo: "nothing was removed" });
}

/** The first line of an input; empty at its end. */
async function firstLine(input: Readable): Promise<string> {
  for await (const line of createInterface({ input, terminal: false })) return line.trim();
  return "";
}
