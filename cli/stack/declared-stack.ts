import { readUnfinished } from "../../config/offline.ts";
import { readProjectFiles } from "../../config/stack-files.ts";
import type { Observation } from "../../model/facts/observation.ts";
import type { ObservationScope } from "../../model/facts/scope.ts";
import { configurationError, UserError } from "../../model/problem.ts";
import { observationScope } from "../../model/stack/observation-scope.ts";
import type { Stack, StackHost } from "../../model/stack/stack.ts";
import { connect, firstAnswer } from "../../remote/connect.ts";
import type { HostClient } from "../../remote/host-client.ts";
import { problemOf } from "../../remote/observe.ts";
import { asObserver, ObserverClient } from "../../remote/observer/client.ts";
import { observerUser } from "../../remote/slipway-root.ts";
import type { Call } from "../commands/command.ts";
import { log } from "../output.ts";
import type { Keys } from "../ssh/keys.ts";
import { waits } from "../waits.ts";
import { hasObserveKey } from "./server-facts.ts";
import { missingStack, shortStackName } from "./stack-name.ts";

/** A stack by its files alone, and its server. */
export interface DeclaredStack {
  readonly stack: Stack;
  readonly host: StackHost;
}

/** The stack of a command line, or the only one of the project. Pulumi is not asked: its state may be out of reach. */
export function nameOfStack({ folder, stack }: Pick<Call, "folder" | "stack">): string {
  if (stack !== undefined) return shortStackName(stack);
  const [only, ...others] = readProjectFiles(folder).stacks;
  if (only === undefined || others.length > 0) throw missingStack(folder);
  return only;
}

/**
 * Reads a stack from its files, with the user who can do what the command does. Nothing that it lacks beside a server
 * matters to what runs there already.
 */
export async function readDeclaredStack(
  { folder, environment }: Pick<Call, "folder" | "environment">,
  stack: string,
  does: "observe" | "change",
): Promise<DeclaredStack> {
  const user = does === "observe" && hasObserveKey(environment) ? observerUser : undefined;
  const { read, unset, problems } = await readUnfinished({ folder, stack, environment, user });
  const ofHosts = [...unset, ...problems].filter(({ path }) => /^hosts?(\.|$)/.test(path));
  const [host] = Object.values(read?.stack.hosts ?? {});
  if (read === undefined || ofHosts.length > 0) throw configurationError(ofHosts.length > 0 ? ofHosts : [...problems]);
  if (host === undefined) throw new UserError({ path: "host", what: "is missing", todo: "say which server it is" });
  const connection = user === undefined ? host.connection : asObserver(host.connection);
  return { stack: read.stack, host: { ...host, connection } };
}

/** Observes the server of a stack, with this number of its records. It changes nothing, and takes no lease. */
export async function observeDeclared(
  { stack, host }: DeclaredStack,
  { environment }: Keys,
  records: number,
): Promise<Observation> {
  const scope: ObservationScope = { ...observationScope(stack, host), records };
  const options = { connection: host.connection, stack: stack.name, environment, say: log, waits };
  const observe = async (client: ObserverClient | HostClient): Promise<Observation> => {
    try {
      return await client.observe(scope);
    } finally {
      await client.close();
    }
  };
  try {
    if (host.connection.user !== observerUser) return await observe(await connect(options));
    return await observe(await firstAnswer(() => new ObserverClient(options)));
  } catch (error) {
    throw new UserError(problemOf(host, error));
  }
}
