import type { Problem } from "../problem.ts";
import { claimOf } from "../stack/claim.ts";
import type { Stack, StackHost } from "../stack/stack.ts";
import { ensureClaimIsFree } from "./collisions.ts";
import { ensureDataIsOnThisServer, ensureDataIsThere } from "./data-guard.ts";
import { ensureHostIsFit } from "./fitness.ts";
import type { Observation } from "./observation.ts";
import type { Published } from "./published.ts";

/** Everything on one server that forbids a deployment, before anything is changed, in the order of a manual check. */
export function hostProblems(stack: Stack, host: StackHost, observation: Observation, published: Published): Problem[] {
  const { name, adopt } = stack;
  const { path, volumes, services } = host;
  return [
    ...ensureHostIsFit({ path, memory: neededMemory(services) }, observation),
    ...ensureClaimIsFree({ ...claimOf(stack, host), path }, observation),
    ...volumes.flatMap((volume) => ensureDataIsThere({ ...volume, stack: name }, observation)),
    ...volumes.flatMap((volume) => ensureDataIsOnThisServer(volume, adopt[volume.volume], observation, published)),
  ];
}

/** The sum of all memory limits in bytes. The migration does not count: it ends before a new colour starts. */
function neededMemory(services: StackHost["services"]): number {
  const running = services.filter(({ part }) => part !== "migration");
  return running.reduce((sum, { settings }) => sum + (settings.memory ?? 0), 0);
}
