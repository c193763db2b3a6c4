import { readLastOutputs, type LastHostOutputs, type LastOutputs } from "../facts/last-outputs.ts";
import type { Observation } from "../facts/observation.ts";

/** Everything that is known of one server. */
export interface HostFacts {
  /** Undefined if the server was not observed: the plan is then blind. */
  readonly observation: Observation | undefined;
  /** The outputs of the last deploy. */
  readonly last: LastHostOutputs;
  /** By object: the documents of an earlier printed plan, for a plan without a server. */
  readonly before?: ReadonlyMap<string, string>;
}

/** Joins the observation of each server with the stack's outputs about it. */
export function hostFacts(
  observations: Readonly<Record<string, Observation | undefined>>,
  outputs: LastOutputs,
): Readonly<Record<string, HostFacts>> {
  const names = Object.keys(observations);
  const known = Object.entries(observations).map(([name, observation]): [string, HostFacts] => [
    name,
    { observation, last: readLastOutputs(outputs, name, names) },
  ]);
  return Object.fromEntries(known);
}
