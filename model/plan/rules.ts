import { ensurePolicy } from "../policy/policy.ts";
import { distinctProblems, type Problem } from "../problem.ts";
import { ensureFieldsHoldNoPlaceholders, ensureFilesAreDeliverable } from "../render/files.ts";
import { ensureVersionIsPlain } from "../render/routes.ts";
import { ensureContainerNamesAreClear } from "../stack/container-names.ts";
import {
  ensureFoldersAreFree,
  ensureFoldersKeepTheirPlaces,
  ensureNoLinkLeadsToFolders,
} from "../stack/data/folders.ts";
import { ensureHealthIsAsked } from "../stack/health.ts";
import { ensureReleaseHasItsImages, ensureTagsAreLocked } from "../stack/images.ts";
import { ensureDatabasesKeepTheirData } from "../stack/data/kept-data.ts";
import { ensureNoDatabaseIsReleased } from "../stack/data/released-stores.ts";
import { ensureLabelsCanMove } from "../stack/labels/proxy-labels.ts";
import {
  ensureMigrationHasARelease,
  ensureMigrationIsOfTheRelease,
  ensureMigrationKeepsNoVolume,
} from "../stack/migration.ts";
import { ensureJobsEnd } from "../stack/start/job.ts";
import { ensureNamesAreFree } from "../stack/names.ts";
import { ensureColoursAreRead } from "../stack/extension-names.ts";
import { ensureOrderIsPossible } from "../stack/start/order.ts";
import {
  ensureColoursShareNoAddress,
  ensureLinksAreClear,
  ensureNetworkModesAreShared,
  ensureNetworkNamesDiffer,
} from "../stack/network/rules.ts";
import { ensureBridgesCanBe } from "../stack/network/driver-options.ts";
import { ensureRangesAreUsable } from "../stack/network/named-ranges.ts";
import { ensureSubnetsFit } from "../stack/network/subnets.ts";
import { ensurePortsArePublished } from "../stack/ports.ts";
import { ensureSomethingIsDeployed, hasRelease, type Stack } from "../stack/stack.ts";
import { ensureVolumesAreOfOnePart } from "../stack/data/volumes-from.ts";
import { ensureVolumesHoldTheirData } from "../stack/data/volumes.ts";
import { ensureVolumesAreNamedRightly } from "../stack/data/volume-names.ts";
import { ensureWorkersCanWait } from "../stack/start/workers.ts";

/** A rule about a stack alone, whatever is on its servers. */
interface StackRule {
  readonly ensure: (stack: Stack) => Problem[];
  /** The rule is skipped until the release is known; without a release document only the server knows it. */
  readonly needsRelease?: true;
}

/** Every rule of a stack. A stack that breaks none can be rendered. */
const stackRules: readonly StackRule[] = [
  { ensure: ensureSomethingIsDeployed },
  { ensure: ensureNamesAreFree },
  { ensure: ensureColoursAreRead },
  { ensure: ensureContainerNamesAreClear },
  { ensure: ensureNetworkModesAreShared },
  { ensure: ensureColoursShareNoAddress },
  { ensure: ensureLinksAreClear },
  { ensure: ({ hosts }) => Object.values(hosts).flatMap(ensureNetworkNamesDiffer) },
  { ensure: ({ hosts }) => Object.values(hosts).flatMap(ensureBridgesCanBe) },
  { ensure: ensureRangesAreUsable },
  { ensure: ensureSubnetsFit },
  { ensure: ensurePortsArePublished },
  { ensure: ensureHealthIsAsked },
  { ensure: ensureLabelsCanMove },
  { ensure: ensureTagsAreLocked },
  { ensure: ensureReleaseHasItsImages, needsRelease: true },
  { ensure: ensureMigrationIsOfTheRelease, needsRelease: true },
  { ensure: ensureMigrationHasARelease },
  { ensure: ensureMigrationKeepsNoVolume },
  { ensure: ensureJobsEnd },
  { ensure: ensureOrderIsPossible },
  { ensure: ensureWorkersCanWait },
  { ensure: ensureFilesAreDeliverable },
  { ensure: ensureVolumesAreOfOnePart },
  { ensure: ensureFoldersKeepTheirPlaces },
  { ensure: ensureFoldersAreFree },
  { ensure: ensureNoLinkLeadsToFolders },
  { ensure: ensureVolumesAreNamedRightly },
  { ensure: ensureVolumesHoldTheirData },
  { ensure: ensureNoDatabaseIsReleased },
  { ensure: ensureDatabasesKeepTheirData },
  { ensure: ensureVersionIsPlain, needsRelease: true },
  { ensure: ensureFieldsHoldNoPlaceholders },
  { ensure: ensurePolicy },
];

/** Every rule that a stack breaks; one about its networks is broken on each of its hosts, and told once. */
export function stackProblems(stack: Stack): Problem[] {
  const isKnown = stack.release !== undefined || !hasRelease(stack);
  const rules = stackRules.filter(({ needsRelease }) => isKnown || needsRelease === undefined);
  return distinctProblems(rules.flatMap(({ ensure }) => ensure(stack)));
}
