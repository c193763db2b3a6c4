import type { Problem } from "../problem.ts";
import type { Claim } from "./claim.ts";
import { ensureClaimIsFree } from "./collisions.ts";
import { ensureDataIsOnThisServer, ensureDataIsThere, type GuardedVolume } from "./volumes.ts";
import { ensureHostIsFit } from "./fitness.ts";
import type { LastHostOutputs } from "./last-outputs.ts";
import type { Observation } from "./observation.ts";

/** Everything that a stack needs of one server. */
export interface HostNeeds {
  /** The server's path in the configuration. */
  readonly path: string;
  readonly claim: Claim;
  /** The sum of the limits of its services, in bytes. */
  readonly memory: number;
  readonly volumes: readonly GuardedVolume[];
  /** By volume: the machine that the user accepts for its data. */
  readonly adopt: Readonly<Record<string, string>>;
}

/** Everything on one server that forbids a deployment, before anything is changed. */
export function hostProblems(needs: HostNeeds, observation: Observation, last: LastHostOutputs): Problem[] {
  const { path, claim, memory, volumes, adopt } = needs;
  return [
    ...ensureHostIsFit({ path, memory }, observation),
    ...ensureClaimIsFree({ ...claim, path }, observation),
    ...volumes.flatMap((volume) => ensureDataIsThere({ ...volume, stack: claim.stack }, observation)),
    ...volumes.flatMap((volume) => ensureDataIsOnThisServer(volume, adopt[volume.volume], observation, last)),
  ];
}
