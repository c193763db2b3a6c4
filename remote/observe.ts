import { messageOf, UserError, type Problem } from "../model/problem.ts";
import type { Stack, StackHost } from "../model/stack/stack.ts";
import type { Observation } from "../model/facts/observation.ts";
import { observationScope } from "../model/stack/observation-scope.ts";
import { connect } from "./connect.ts";
import type { HostClient } from "./host-client.ts";
import type { Run } from "./run.ts";

interface ObserveOptions {
  readonly run: Run;
  readonly environment: NodeJS.ProcessEnv;
  /**
   * If true, a server that does not answer ends the run; otherwise it is a warning, and the plan is made without its
   * facts.
   */
  readonly required: boolean;
  readonly say: (line: string) => void;
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
  const hosts = Object.values(stack.hosts);
  const found = await Promise.allSettled(hosts.map((host) => observeHost(stack, host, options)));
  const reasons = found.flatMap((one): unknown[] => (one.status === "rejected" ? [one.reason] : []));
  if (reasons.length > 0) {
    await closeAll(found);
    throw new UserError(reasons.flatMap(problemsOf));
  }
  const observed = found.flatMap((one, index) => {
    const name = hosts[index]?.name;
    return one.status === "fulfilled" && name !== undefined ? [[name, one.value] as const] : [];
  });
  return Object.fromEntries(observed);
}

async function closeAll(found: readonly PromiseSettledResult<ObservedHost>[]): Promise<void> {
  const clients = found.flatMap((one) => (one.status === "fulfilled" ? (one.value.client ?? []) : []));
  await Promise.all(clients.map((client) => client.close()));
}

async function observeHost(stack: Stack, host: StackHost, options: ObserveOptions): Promise<ObservedHost> {
  const { path, connection } = host;
  const { run, environment, say } = options;
  const client = connect({ connection, stack: stack.name, run, environment, say });
  try {
    const observation = await client.observe(observationScope(stack.directory, host));
    if (options.required) return { observation, client };
    await client.close();
    return { observation, client: undefined };
  } catch (error) {
    await client.close();
    const what = `no answer from ${connection.user}@${connection.host}:${connection.port}: ${messageOf(error)}`;
    if (options.required) throw new UserError({ path, what, todo: "start it, or correct its address, and run again" });
    options.warn(`${path}: ${what}; this preview was made without having seen the server`);
    return { observation: undefined, client: undefined };
  }
}

/** The problems of a server that did not answer. */
function problemsOf(reason: unknown): readonly Problem[] {
  if (reason instanceof UserError) return reason.problems;
  throw reason;
}
