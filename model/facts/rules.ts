import { ensureClaimsAreFree } from "./collisions.ts";
import { ensureDataIsOnThisServer, ensureDataIsThere } from "./data-guard.ts";
import type { Deployment } from "../stack/deployment.ts";
import { ensureHostIsFit } from "./fitness.ts";
import type { Observation } from "./observation.ts";
import type { Problem } from "../problem.ts";
import type { Published } from "./published.ts";

/** A rule looks at what is wanted and what was found, and names everything that must not go on. */
type ObservedRule = (deployment: Deployment, observation: Observation, published: Published) => Problem[];

/** Every rule about a server, in the order in which a person would check it. */
const observedRules: readonly ObservedRule[] = [
  ensureHostIsFit,
  ensureClaimsAreFree,
  ensureDataIsThere,
  ensureDataIsOnThisServer,
];

/** Everything on the server that forbids the deployment; nothing was changed yet. */
export function observedProblems(deployment: Deployment, observation: Observation, published: Published): Problem[] {
  return observedRules.flatMap((rule) => rule(deployment, observation, published));
}
