import { isDeepStrictEqual } from "node:util";
import { readBody, type Body } from "../document/bodies.ts";
import { guestsOfNetwork } from "../facts/network/guests.ts";
import type { NetworkFact, Observation } from "../facts/observation.ts";
import type { Problem } from "../problem.ts";
import { subnetAround } from "../subnet.ts";
import type { HostPlan } from "./plan.ts";
import { isSent, type PlannedDocument } from "./planned-document.ts";

type Networks = Body<"networks">["networks"];

/** Everything on a server that forbids to make networks again. The server asks the same before it begins. */
export function networkProblems({ networks, observation }: HostPlan): Problem[] {
  if (observation === undefined || !isSent(networks)) return [];
  const names = remadeNetworks(networks, observation);
  return observation.networks
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, guests }) => guestsOfNetwork(name, guests) ?? [])
    .map((problem) => ({ path: "networks", ...problem }));
}

/** The names of the networks that are made again: those that change, and those that the server has otherwise. */
export function remadeNetworks(
  { document, before, drift }: PlannedDocument,
  observation: Pick<Observation, "networks"> | undefined,
): string[] {
  const applied = before === undefined ? {} : networksIn(before);
  const changed = Object.entries(networksIn(document)).filter(([name, wanted]) => {
    const [former, there] = [applied[name], observation?.networks.find((network) => network.name === name)];
    return former !== undefined && differs(former, wanted, there);
  });
  const drifted = drift.flatMap(({ where }) => /^network (\S+)/.exec(where)?.[1] ?? []);
  return [...new Set([...changed.map(([name]) => name), ...drifted])].sort();
}

/** A network whose subnet is large enough stays. */
function differs(
  { prefix: before, ...former }: Networks[string],
  { prefix, ...wanted }: Networks[string],
  there: NetworkFact | undefined,
): boolean {
  if (!isDeepStrictEqual(former, wanted)) return true;
  const [subnet] = there?.subnets ?? [];
  return prefix !== undefined && (subnetAround(subnet ?? "")?.prefix ?? before ?? prefix) > prefix;
}

function networksIn({ body }: PlannedDocument["document"]): Networks {
  return readBody("networks", body).body?.networks ?? {};
}
