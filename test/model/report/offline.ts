import type { Deployment } from "../../../model/stack/deployment.ts";
import { planOffline, type LastDeploy, type OfflineStack } from "../../../model/report/offline-plan.ts";
import { plainSums } from "../../../model/report/plain-sum.ts";
import { printPlan } from "../../../model/report/print-plan.ts";
import { readPrintedPlan, type PrintedPlan } from "../../../model/report/printed-plan.ts";
import { changedDocuments, changeLines } from "../../../model/report/wording.ts";
import { aaperture, migration } from "../stack/aaperture.ts";
import { wholePlan } from "../plan/applied-plan.ts";
import { observed } from "../facts/observed.ts";
import { mainOf } from "../stack/main-host.ts";

export const deployed = aaperture({ migrations: [migration()] });
export const plain = { DOMAINNAME: "staging.aaperture.com" };

/** The plan that the job of a deploy publishes. */
export function published(): PrintedPlan {
  const printed = printPlan(wholePlan(deployed, observed()), { plain: plainSums(plain) });
  const read = readPrintedPlan(JSON.stringify(printed));
  if (read === undefined) throw new Error("the published plan cannot be read");
  return read;
}

/** The files of a branch, without values of secrets and without a release. */
export function offline(
  also: Partial<Deployment> = {},
  more: Partial<OfflineStack> = {},
  last: LastDeploy = { published: published() },
): PrintedPlan {
  const variables = { POSTGRES_PASSWORD: "unknown", DOMAINNAME: "unknown", POSTGRES_DB: "unknown" };
  const deployment = { ...deployed, variables, release: undefined, ...also };
  return planOffline(
    { deployment, unknown: ["fingerprintKey", "host.address"], namesKnown: true, plain, ...more },
    last,
  );
}

export function changes(plan: PrintedPlan): string[] {
  const host = mainOf(plan.hosts);
  return changedDocuments(host).flatMap((document) =>
    changeLines(host, document, 20).map((line) => `${document.resource}: ${line}`),
  );
}
