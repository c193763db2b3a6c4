import type { Problem } from "../problem.ts";
import { ensureBridgesAreFree, type NamedBridge } from "./network/bridges.ts";
import type { Claim } from "./claim.ts";
import { ensureClaimIsFree } from "./collisions.ts";
import type { GuardedVolume } from "./data-loss.ts";
import { ensureDirectoryIsOurs } from "./directory.ts";
import { ensureProjectCanBeAdopted } from "./hand-made/hand-made.ts";
import { ensureHandMadeDataIsKept } from "./hand-made/hand-made-data.ts";
import { ensureHostIsFit } from "./fitness.ts";
import type { LastHostOutputs } from "./last-outputs.ts";
import { ensureMemoryFits } from "./memory.ts";
import type { Observation } from "./observation.ts";
import { ensureNetworksCanBe, type NetworkNeeds } from "./network/subnets.ts";
import { ensureImagesRunThere, type PlatformNeed } from "./images/platforms.ts";
import type { VersionNeed } from "./versions.ts";
import { ensureDataIsOnThisServer, ensureDataIsThere } from "./volumes.ts";

/** Everything that a stack needs of one server. */
export interface HostNeeds {
  /** The server's path in the configuration. */
  readonly path: string;
  readonly claim: Claim;
  /** What it has that not every version of the server's programs knows. */
  readonly versions: readonly VersionNeed[];
  /** Its images of which the platforms are known. */
  readonly platforms: readonly PlatformNeed[];
  readonly volumes: readonly GuardedVolume[];
  readonly networks: NetworkNeeds;
  /** By bridge: the network whose file names it. */
  readonly bridges: Readonly<Record<string, NamedBridge>>;
  readonly adopt: {
    /** The hand-made compose project whose place the stack takes. */
    readonly project?: string | undefined;
    readonly done: boolean;
    /** By volume: the state that the user accepts in place of the data that it held. */
    readonly data: Readonly<Record<string, string>>;
  };
}

/** Everything on one server that forbids a deployment, before anything is changed. */
export function hostProblems(needs: HostNeeds, observation: Observation, last: LastHostOutputs): Problem[] {
  const { path, claim, versions, platforms, volumes, networks, bridges, adopt } = needs;
  const wanted = volumes.map((volume) => ({
    ...volume,
    wanted: Object.keys(claim.volumes),
    adopted: adopt.data[volume.volume],
  }));
  return [
    ...ensureHostIsFit({ path, versions }, observation),
    ...ensureMemoryFits(claim, { claims: observation.claims, memoryTotal: observation.host.memoryTotal }),
    ...ensureImagesRunThere(platforms, observation),
    ...ensureProjectCanBeAdopted({ ...claim, ...adopt, project: adopt.project }, observation),
    ...ensureHandMadeDataIsKept(adopt, volumes, observation),
    ...ensureClaimIsFree({ ...claim, path }, observation),
    ...ensureBridgesAreFree(claim.stack, bridges, observation),
    ...ensureNetworksCanBe(claim.stack, networks, observation),
    ...ensureDirectoryIsOurs(observation),
    ...wanted.flatMap((volume) => ensureDataIsThere(volume, observation)),
    ...wanted.flatMap((volume) => ensureDataIsOnThisServer(volume, observation, last)),
  ];
}
