import { clockWarning } from "../../model/facts/clock.ts";
import type { Observation } from "../../model/facts/observation.ts";
import { UserError } from "../../model/problem.ts";
import { observationScope } from "../../model/stack/observation-scope.ts";
import type { Stack, StackHost } from "../../model/stack/stack.ts";
import { connecting, firstAnswer } from "../connect.ts";
import { askEach, problemOf, unseen } from "../observe.ts";
import { NoAnswer, NoProgram, OtherVersion } from "../server-fault.ts";
import type { Observations } from "../session.ts";
import type { Waits } from "../waits.ts";
import { asObserver, ObserverClient } from "./client.ts";

interface ObserverSettings {
  /** Environment of ssh; it names the agent that holds the key. */
  readonly environment: NodeJS.ProcessEnv;
  /** Takes lines for people: those of the servers, and why a server told no facts. */
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  /** Shows what is waited for. @default nobody is told */
  readonly waits?: Waits;
  /** Milliseconds before the second and the third attempt, as for every first connection. */
  readonly pauses?: readonly number[];
}

/**
 * Observes all servers of a stack with a key that does nothing else. A server that does not answer is a warning; one
 * that has no program for the stack, or an older one, is a note. The plan is then made without its facts. A wrong host
 * key, a refused key and every other fault end the run.
 */
export async function observeWithKey(stack: Stack, settings: ObserverSettings): Promise<Observations> {
  const ask = (declared: StackHost): Promise<Observation | undefined> => {
    const host = { ...declared, connection: asObserver(declared.connection) };
    return observeHost(stack, host, settings);
  };
  return await askEach(stack, ask, () => Promise.resolve());
}

async function observeHost(
  stack: Stack,
  host: StackHost,
  settings: ObserverSettings,
): Promise<Observation | undefined> {
  try {
    const observation = await askHost(stack, host, settings);
    const skew = clockWarning(observation, Date.now());
    if (skew !== undefined) settings.warn(`${host.path}: ${skew}`);
    return observation;
  } catch (error) {
    if (error instanceof NoAnswer) settings.warn(unseen(host, error));
    else if (error instanceof NoProgram || error instanceof OtherVersion)
      settings.say(`${host.path}: ${error.message}; this server is planned without its facts`);
    else throw new UserError(problemOf(host, error));
    return undefined;
  }
}

async function askHost(stack: Stack, host: StackHost, settings: ObserverSettings): Promise<Observation> {
  const { environment, say, pauses, waits } = settings;
  const options = { connection: host.connection, stack: stack.name, environment, say, ...(waits && { waits }) };
  using _wait = connecting(options);
  const client = await firstAnswer(() => new ObserverClient(options), pauses);
  try {
    return await client.observe(observationScope(stack, host));
  } finally {
    await client.close();
  }
}
