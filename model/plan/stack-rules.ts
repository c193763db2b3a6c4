import { ensurePolicy } from "../policy/policy.ts";
import type { Problem } from "../problem.ts";
import { ensureFieldsKeepTheirWords, ensureFilesHaveTheirPlaces } from "../render/files.ts";
import { ensureVersionIsPlain } from "../render/routes.ts";
import { ensureImagesAreByDigest } from "../stack/images.ts";
import { ensureMigrationIsOfTheRelease, ensureMigrationKeepsNoVolume } from "../stack/migration.ts";
import { ensureNamesAreFree } from "../stack/names.ts";
import { ensurePortsAreKnown } from "../stack/ports.ts";
import type { Stack } from "../stack/stack.ts";
import { ensureVolumesHoldTheirData } from "../stack/volume-problems.ts";

/** A rule of what a stack may be, whatever the server holds. */
interface StackRule {
  readonly ensure: (stack: Stack) => Problem[];
  /** Without a release document only the server knows the release, so the rule waits for it. */
  readonly needsRelease?: true;
}

/** Every rule of a stack, in the order in which a person would check it. Where none is broken, everything can be rendered. */
const stackRules: readonly StackRule[] = [
  { ensure: ensureNamesAreFree },
  { ensure: ensurePortsAreKnown },
  { ensure: ensureImagesAreByDigest, needsRelease: true },
  { ensure: ensureMigrationIsOfTheRelease, needsRelease: true },
  { ensure: ensureMigrationKeepsNoVolume },
  { ensure: ensureFilesHaveTheirPlaces },
  { ensure: ensureVolumesHoldTheirData },
  { ensure: ensureVersionIsPlain, needsRelease: true },
  { ensure: ensureFieldsKeepTheirWords },
  { ensure: ensurePolicy },
];

/** Every problem of a stack, as far as its release is known. */
export function stackProblems(stack: Stack): Problem[] {
  return stackRules
    .filter(({ needsRelease }) => stack.release !== undefined || needsRelease === undefined)
    .flatMap(({ ensure }) => ensure(stack));
}
