import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { planOffline, type OfflineStack } from "../../../model/report/offline-plan.ts";
import { plainSums } from "../../../model/report/plain-sum.ts";
import { printPlan } from "../../../model/report/print-plan.ts";
import { readPrintedPlan, type PrintedPlan } from "../../../model/report/printed-plan.ts";
import { planTable } from "../../../model/report/table.ts";
import { changedDocuments, changeLines } from "../../../model/report/wording.ts";
import { aaperture, digest, migration } from "../stack/aaperture.ts";
import { wholePlan } from "../plan/applied-plan.ts";
import { observed } from "../facts/observed.ts";
import { mainOf } from "../stack/main-host.ts";

const deployed = aaperture({ migration: migration() });
const plain = { DOMAINNAME: "staging.aaperture.com" };

/** The plan that the job of a deploy publishes. */
function published(): PrintedPlan {
  const printed = printPlan(wholePlan(deployed, observed()), { plain: plainSums(plain) });
  const read = readPrintedPlan(JSON.stringify(printed));
  if (read === undefined) throw new Error("the published plan cannot be read");
  return read;
}

/** The files of a branch, without values of secrets and without a release. */
function offline(also: Partial<Deployment> = {}, more: Partial<OfflineStack> = {}): PrintedPlan {
  const variables = { POSTGRES_PASSWORD: "unknown", DOMAINNAME: "unknown", POSTGRES_DB: "unknown" };
  const deployment = { ...deployed, variables, release: undefined, ...also };
  return planOffline(
    { deployment, unknown: ["fingerprintKey", "host.address"], namesKnown: true, plain, ...more },
    published(),
  );
}

function changes(plan: PrintedPlan): string[] {
  const host = mainOf(plan.hosts);
  return changedDocuments(host).flatMap((document) =>
    changeLines(host, document, 20).map((line) => `${document.resource}: ${line}`),
  );
}

describe("a plan without engine, server and keys", () => {
  it("changes nothing for an unchanged branch, although no value is known", () => {
    const plan = offline();
    expect(changes(plan)).toEqual([]);
    expect(planTable(plan).split("\n").slice(0, 3)).toEqual([
      "aaperture/staging, release 1.0.0 (no release document: the one that was verified last stays)",
      "main, server.test: nothing differs from the last deploy",
      "  offline: compared with the plan of the last deploy, without server and keys; 2 values are unknown here",
    ]);
  });

  it("shows the changes of a branch with the services that restart", () => {
    const plan = offline({ images: { ...deployed.images, grafana: digest("grafana/grafana", "d") } });
    expect(changes(plan)).toEqual([
      `images: grafana image: grafana/grafana@sha256:${"c".repeat(12)}… → grafana/grafana@sha256:${"d".repeat(12)}…`,
      "shared: changes as shown above",
      "confirm: changes as shown above",
    ]);
    expect(mainOf(plan.hosts).services).toEqual([
      { service: "grafana", move: "restarts", reasons: ["its image changed"] },
    ]);
    expect(mainOf(plan.hosts).made).toBe("offline");
  });

  it("shows the name of a changed plain variable", () => {
    const plan = offline({}, { plain: { DOMAINNAME: "www.aaperture.com" } });
    expect(changes(plan)).toEqual([
      "secrets: variable DOMAINNAME changed",
      "rollout: changes as shown above",
      "confirm: rollout changed",
    ]);
    expect(JSON.stringify(plan)).not.toContain("www.aaperture.com");
  });

  it("shows added and removed variables only if all names are known", () => {
    const variables = { POSTGRES_PASSWORD: "unknown", DOMAINNAME: "unknown", NEW: "unknown" };
    expect(changes(offline({ variables }))[0]).toBe("secrets: variable NEW added");
    expect(changes(offline({ variables }))[1]).toBe("secrets: variable POSTGRES_DB removed");
    expect(changes(offline({ variables }, { namesKnown: false }))).toContain("secrets: variable NEW added");
    expect(changes(offline({ variables }, { namesKnown: false }))).not.toContain(
      "secrets: variable POSTGRES_DB removed",
    );
  });

  it("keeps the deployed directory if the branch does not know it", () => {
    expect(changes(offline({ directory: "" }, { unknown: ["directory"] }))).toEqual([]);
  });

  it("shows what is no longer declared", () => {
    const { metrics, ...volumes } = { metrics: true, pgdata: true };
    const { prometheus, grafana, ...services } = deployed.application.services;
    expect([metrics, prometheus, grafana].every((one) => one !== undefined)).toBe(true);
    const application = { ...deployed.application, services, volumes: Object.keys(volumes) };
    const { hostPorts } = deployed;
    const kept = Object.fromEntries(Object.entries(hostPorts).filter(([name]) => name in services));
    const plan = offline({ application, hostPorts: kept });
    expect(mainOf(plan.hosts).removed.map(({ resource }) => resource)).toEqual(["volume-metrics"]);
    expect(mainOf(plan.hosts).services.map(({ service, move }) => `${service} ${move}`)).toEqual([
      "grafana stops",
      "prometheus stops",
    ]);
  });

  it("shows everything that the branch declares if there is no published plan", () => {
    const deployment = { ...deployed, release: undefined };
    const plan = planOffline({ deployment, unknown: [], namesKnown: true, plain }, undefined);
    const host = mainOf(plan.hosts);
    expect(changedDocuments(host)).toHaveLength(host.documents.length);
    expect(plan.release).toBe("unknown");
  });

  it("rejects the plan of another stack", () => {
    expect(() =>
      planOffline(
        { deployment: { ...deployed, stack: "aaperture/production" }, unknown: [], namesKnown: true, plain },
        published(),
      ),
    ).toThrow(
      "--against: is a plan of another stack than 'aaperture/production', got 'aaperture/staging'; " +
        "name the plan that the stack's own last deploy left",
    );
  });
});
