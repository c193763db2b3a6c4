import type { Deployment } from "../model/stack/deployment.ts";
import { stackOf } from "../model/stack/derive.ts";
import type { Observation } from "../model/facts/observation.ts";
import { wantsOf } from "../model/stack/wants.ts";
import { Attendance } from "./attendance.ts";
import { bundleHostProgram } from "./program.ts";
import type { Run } from "./run.ts";

interface ObserveOptions {
  readonly run: Run;
  readonly environment: NodeJS.ProcessEnv;
  /** A server that does not answer is an error, or else a warning and a plan made blind. */
  readonly required: boolean;
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
}

/** What was found, and the connection that stays open; nothing of both where a preview got no answer. */
export interface Look {
  readonly observation: Observation | undefined;
  readonly attendance: Attendance | undefined;
}

/** Connects to the server of a deployment and looks once. */
export async function observe(deployment: Deployment, options: ObserveOptions): Promise<Look> {
  const { connection, stack } = deployment;
  const { run, environment, say } = options;
  const attendance = new Attendance({ connection, program: bundleHostProgram(), stack, run: run.id, environment, say });
  try {
    const observation = await attendance.observe(wantsOf(stackOf(deployment)));
    if (options.required) return { observation, attendance };
    await attendance.close();
    return { observation, attendance: undefined };
  } catch (error) {
    await attendance.close();
    const said = error instanceof Error ? error.message : String(error);
    const what = `host: no answer from ${connection.user}@${connection.host}:${connection.port}: ${said}`;
    if (options.required) throw new NoAnswer(`${what}; the server must be reachable for \`up\``);
    options.warn(`${what}; this preview was made without having seen the server`);
    return { observation: undefined, attendance: undefined };
  }
}

/** A server that could not be asked. */
export class NoAnswer extends Error {
  /** Pulumi's Node SDK prints an error with this mark by its message alone. */
  readonly __pulumiRunError = true;
}
