import { messageOf, UserError, type Problem } from "../model/problem.ts";
import { connectionText } from "../model/connection.ts";
import type { Stack, StackHost } from "../model/stack/stack.ts";
import { clockWarning } from "../model/facts/clock.ts";
import type { Observation } from "../model/facts/observation.ts";
import { observationScope } from "../model/stack/observation-scope.ts";
import type { EarlyConnections } from "./early-connections.ts";
import type { HostClient } from "./host-client.ts";
import { NoAnswer, ServerFault } from "./server-fault.ts";

interface ObserveOptions {
  readonly connections: Pick<EarlyConnections, "to">;
  /**
   * If true, a server that does not answer ends the run; otherwise it is a warning, and the plan is made without its
   * facts. A server that answers with a wrong host key, refuses our key or cannot run the program ends every run.
   */
  readonly required: boolean;
  readonly warn: (line: string) => void;
}

/** A server as a run found it. */
export interface ObservedHost {
  /** Undefined if the server did not answer. */
  readonly observation: Observation | undefined;
  /** The open connection; undefined in a run that changes nothing. */
  readonly client: HostClient | undefined;
}

/** The servers of a stack by name, as a run found them. */
export type ObservedHosts = Readonly<Record<string, ObservedHost>>;

/** Connects to all servers of a stack at the same time and observes them. */
export async function observe(stack: Stack, options: ObserveOptions): Promise<ObservedHosts> {
  const closeAll = async (found: readonly ObservedHost[]): Promise<void> => {
    await Promise.all(found.flatMap(({ client }) => client?.close() ?? []));
  };
  return await askEach(stack, (host) => observeHost(stack, host, options), closeAll);
}

/** Asks all servers of a stack at the same time. If some cannot be used, it gives up the others and throws them all. */
export async function askEach<Found>(
  { hosts: declared }: Stack,
  ask: (host: StackHost) => Promise<Found>,
  giveUp: (found: readonly Found[]) => Promise<void>,
): Promise<Readonly<Record<string, Found>>> {
  const hosts = Object.values(declared);
  const asked = await Promise.allSettled(hosts.map(ask));
  const reasons = asked.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  if (reasons.length > 0) {
    await giveUp(asked.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
    throw new UserError(reasons.flatMap(problemsOf));
  }
  const found = asked.flatMap((one, index) => {
    const name = hosts[index]?.name;
    return one.status === "fulfilled" && name !== undefined ? [[name, one.value] as const] : [];
  });
  return Object.fromEntries(found);
}

async function observeHost(stack: Stack, host: StackHost, options: ObserveOptions): Promise<ObservedHost> {
  try {
    return await observeConnected(stack, host, options);
  } catch (error) {
    if (options.required || !(error instanceof NoAnswer)) throw new UserError(problemOf(host, error));
    options.warn(unseen(host, error));
    return { observation: undefined, client: undefined };
  }
}

async function observeConnected(stack: Stack, host: StackHost, options: ObserveOptions): Promise<ObservedHost> {
  const client = await options.connections.to(host.connection);
  try {
    const observation = await client.observe(observationScope(stack, host));
    const skew = clockWarning(observation, Date.now());
    if (skew !== undefined) options.warn(`${host.path}: ${skew}`);
    if (options.required) return { observation, client };
    await client.close();
    return { observation, client: undefined };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/** The warning of a preview about a server that did not answer. */
export function unseen(host: StackHost, error: NoAnswer): string {
  const { path, what } = problemOf(host, error);
  return `${path}: ${what}; this plan was made without having seen the server`;
}

/** Describes why a server could not be observed. */
export function problemOf({ path, connection }: Pick<StackHost, "path" | "connection">, error: unknown): Problem {
  const place = connectionText(connection);
  const reason = messageOf(error);
  if (error instanceof NoAnswer)
    return {
      path,
      what: `no answer from ${place}: ${reason}`,
      todo: "start it, or correct its address, and run again",
    };
  const todo = error instanceof ServerFault ? error.todo : "fix the cause above, and run again";
  return { path, what: `${place} cannot be used: ${reason}`, todo };
}

/** The problems of a server that did not answer. */
function problemsOf(reason: unknown): readonly Problem[] {
  if (reason instanceof UserError) return reason.problems;
  throw reason;
}
