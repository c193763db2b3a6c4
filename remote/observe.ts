import type { Deployment } from "../model/stack/deployment.ts";
import { stackOf } from "../model/stack/derive.ts";
import type { Observation } from "../model/facts/observation.ts";
import { wantsOf } from "../model/stack/wants.ts";
import { HostClient } from "./host-client.ts";
import { bundleHostProgram } from "./program.ts";
import type { Run } from "./run.ts";

interface ObserveOptions {
  readonly run: Run;
  readonly environment: NodeJS.ProcessEnv;
  /** A server that does not answer ends the run; otherwise it is a warning, and the plan is made blind. */
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

/** Connects to the server of a deployment and observes it. */
export async function observe(deployment: Deployment, options: ObserveOptions): Promise<ObservedHost> {
  const { connection, stack } = deployment;
  const { run, environment, say } = options;
  const client = new HostClient({ connection, program: bundleHostProgram(), stack, run: run.id, environment, say });
  try {
    const observation = await client.observe(wantsOf(stackOf(deployment)));
    if (options.required) return { observation, client };
    await client.close();
    return { observation, client: undefined };
  } catch (error) {
    await client.close();
    const said = error instanceof Error ? error.message : String(error);
    const what = `host: no answer from ${connection.user}@${connection.host}:${connection.port}: ${said}`;
    if (options.required) throw new NoAnswer(`${what}; the server must be reachable for \`up\``);
    options.warn(`${what}; this preview was made without having seen the server`);
    return { observation: undefined, client: undefined };
  }
}

/** A server that does not answer, or no longer. */
export class NoAnswer extends Error {
  /** Pulumi's Node SDK prints an error with this mark by its message alone. */
  readonly __pulumiRunError = true;
}
