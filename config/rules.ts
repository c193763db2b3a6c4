import { stackProblems } from "../model/plan/rules.ts";
import type { Problem } from "../model/problem.ts";
import { ensureFoldersAreMounted } from "./folders.ts";
import { ensureLockHasThePlatforms } from "./images/lock.ts";
import { ensureMigrationExists, ensureMigrationServesNobody } from "./migration.ts";
import { ensurePortsAreFree, ensurePortVariablesAgree } from "./ports.ts";
import { ensureReleaseHasOnlyItsImages, ensureReleaseIsKnown, ensureReleasesKeepNoData } from "./release/release.ts";
import { unknownService, type Rule, type RuleInput } from "./rule.ts";

/**
 * The rules that need the files beside the configuration; those of the stack are the last. `ensureOneHost` needs the
 * configuration alone: `readDraft` checks it, so that it also holds where no file is read.
 */
const rules: readonly Rule[] = [
  ensureReleaseIsKnown,
  ensureReleaseHasOnlyItsImages,
  ensureMigrationServesNobody,
  ensurePortsAreFree,
  ensurePortVariablesAgree,
  ensureFoldersAreMounted,
  ensureReleasesKeepNoData,
  ensureLockHasThePlatforms,
  // Without a release document the plan checks them again, when it knows the release that was applied last.
  ({ stack }) => stackProblems(stack),
];

/** The rules about keys that decide which images there are, and which of them come with a release. */
const rulesOfImages: readonly Rule[] = [ensureServicesExist, ensureMigrationExists];

/** Every rule that a configuration breaks; those of images apart. */
export function ruleProblems(input: RuleInput): { readonly ofImages: Problem[]; readonly others: Problem[] } {
  const broken = (all: readonly Rule[]): Problem[] => all.flatMap((rule) => rule(input));
  return { ofImages: broken(rulesOfImages), others: broken(rules) };
}

/** Requires that each key about a service names a deployed one. What a migration may have, its own rule tells. */
function ensureServicesExist({ draft, stack, composeServices, files }: RuleInput): Problem[] {
  const { services, ports, migration } = draft;
  const deployed = stack.services.map(({ name }) => name);
  const known = [...deployed, ...(migration?.service ?? [])];
  const namesByKey = { services: Object.keys(services), ports: Object.keys(ports) };
  return Object.entries(namesByKey).flatMap(([key, names]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => unknownService(`${key}.${name}`, name, { services: composeServices, file: files.compose })),
  );
}
