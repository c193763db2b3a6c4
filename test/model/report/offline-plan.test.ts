import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { planOffline, type OfflineStack } from "../../../model/report/offline-plan.ts";
import { plainSums } from "../../../model/report/plain-sum.ts";
import { planMarkdown } from "../../../model/report/markdown.ts";
import { printPlan } from "../../../model/report/print-plan.ts";
import { readPrintedPlan, type PrintedPlan } from "../../../model/report/printed-plan.ts";
import { planTable } from "./plan-table.ts";
import { changedDocuments } from "../../../model/report/wording.ts";
import { aaperture, lockedImage, migration } from "../stack/aaperture.ts";
import { carriedOut, drifted, wholePlan } from "../plan/applied-plan.ts";
import { observed } from "../facts/observed.ts";
import { verifiedFact } from "../facts/release/released.ts";
import { mainOf } from "../stack/main-host.ts";
import { changes, deployed, offline, plain, published } from "./offline.ts";

/** The image of grafana as a plan shows it. */
const shown = (letter: string): string => `grafana/grafana:12@sha256:${letter.repeat(12)}…`;

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
    const plan = offline({ lock: { ...deployed.lock, "grafana/grafana:12": lockedImage("d") } });
    expect(changes(plan)).toEqual([
      `images: grafana image: ${shown("c")} → ${shown("d")}`,
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
    const { metrics, ...volumes } = deployed.application.volumes;
    const { prometheus, grafana, ...services } = deployed.application.services;
    expect([metrics, prometheus, grafana].every((one) => one !== undefined)).toBe(true);
    const application = { ...deployed.application, services, volumes };
    const { ports } = deployed;
    const kept = Object.fromEntries(Object.entries(ports).filter(([name]) => name in services));
    const plan = offline({ application, ports: kept });
    expect(mainOf(plan.hosts).removed.map(({ resource }) => resource)).toEqual(["files", "volume-metrics"]);
    expect(mainOf(plan.hosts).services.map(({ service, move }) => `${service} ${move}`)).toEqual([
      "grafana stops",
      "prometheus stops",
    ]);
  });

  it("shows everything that the branch declares if there is no published plan", () => {
    const deployment = { ...deployed, release: undefined };
    const plan = planOffline({ deployment, unknown: [], namesKnown: true, plain }, { published: undefined });
    const host = mainOf(plan.hosts);
    expect(changedDocuments(host)).toHaveLength(host.documents.length);
    expect(plan.release).toBe("unknown");
  });

  it("rejects the plan of another stack", () => {
    expect(() =>
      planOffline(
        { deployment: { ...deployed, stack: "aaperture/production" }, unknown: [], namesKnown: true, plain },
        { published: published() },
      ),
    ).toThrow(
      "--against: is a plan of another stack than 'aaperture/production', got 'aaperture/staging'; " +
        "name the plan that the stack's own last deploy left",
    );
  });
});

/** The same branch with the facts of the server on which everything was applied, and no published plan. */
function withFacts(
  also: Partial<Deployment> = {},
  found = carriedOut(deployed),
  more: Partial<OfflineStack> = {},
): PrintedPlan {
  return offline(
    also,
    { unknown: ["fingerprintKey"], ...more },
    { published: undefined, observations: { main: found } },
  );
}

describe("an offline plan with the facts of its server (SEC-A6)", () => {
  it("needs no published plan, and names what it cannot compare", () => {
    const plan = withFacts();
    expect(changes(plan)).toEqual([]);
    expect(plan.unknownVariables).toEqual(["DOMAINNAME", "POSTGRES_DB", "POSTGRES_PASSWORD"]);
    expect(planTable(plan).split("\n").slice(0, 3)).toEqual([
      "aaperture/staging, release 1.0.0 (no release document: the one that was verified last stays)",
      "main, server.test: the server is as declared, as far as is known here",
      "  offline with facts: the server was asked by a key that only observes; " +
        "unknown: changes of 3 variables, 1 other value",
    ]);
    expect(readPrintedPlan(JSON.stringify(plan))).toEqual(plan);
  });

  it("has the drift, the ill services, the remarks and the images of the server", () => {
    const applied = drifted(carriedOut(deployed), "shared", [["grafana", "running", "exited (0)"]]);
    const containers = applied.containers.map((one) =>
      one.service === "prometheus" ? { ...one, health: "unhealthy", image: "mine:1" } : one,
    );
    const remarks = [{ where: "mine", found: "a container of nobody" }];
    const plan = withFacts({}, { ...applied, containers, remarks });
    const host = mainOf(plan.hosts);
    expect(host.made).toBe("offline with facts");
    expect(host.drift).toEqual([{ resource: "shared", where: "grafana", expected: "running", found: "exited (0)" }]);
    expect(changedDocuments(host).map(({ change }) => change.kind)).toEqual(["repair"]);
    expect(host.ill.map(({ service }) => service)).toEqual(["prometheus"]);
    expect(host.remarks).toEqual(remarks);
    expect(host.images.find(({ service }) => service === "prometheus")?.running).toEqual(["mine:1"]);
    expect(planMarkdown(plan)).toContain("Not as it was applied; <code>up</code> repairs it: 1");
    expect(planMarkdown(withFacts())).toContain("Everything on the server is as it was applied.");
  });

  it("rejects what another stack holds there, as every preview does (A5)", () => {
    const other = { stack: "shop/other", directory: "/srv/other", real: "/srv/other", readable: true };
    const claims = [
      { ...other, projects: [], ports: ["0.0.0.0:18080"], volumes: [], networks: [], containers: [], subnets: [] },
    ];
    expect(() => withFacts({}, { ...carriedOut(deployed), claims })).toThrow(
      "ports.api: '0.0.0.0:18080' is a port of stack 'shop/other' on this server",
    );
  });

  it("never shows an unknown variable as changed, and shows a new one by its name", () => {
    const variables = { POSTGRES_PASSWORD: "unknown", DOMAINNAME: "unknown", POSTGRES_DB: "unknown", NEW: "unknown" };
    const plan = withFacts({ variables });
    expect(changes(plan)).toContain("secrets: variable NEW added");
    expect(changes(plan).filter((line) => line.endsWith("changed"))).toEqual(["confirm: rollout changed"]);
    expect(plan.unknownVariables).not.toContain("NEW");
  });

  it("compares plain variables by the sums of the published plan, and everything else with the server", () => {
    const older = aaperture({ migrations: [migration()], release: { version: "0.9.0", images: {} } });
    const release = { version: "0.9.0", images: { ...deployed.release?.images } };
    const lock = { ...deployed.lock, "grafana/grafana:12": lockedImage("1") };
    const sums = plainSums({ DOMAINNAME: "old.aaperture.com" });
    const stale = printPlan(wholePlan({ ...older, release, lock }, observed()), { plain: sums });
    const last = { published: stale, observations: { main: carriedOut(deployed) } };
    const plan = offline({}, {}, last);
    expect(changes(plan)).toEqual([
      "secrets: variable DOMAINNAME changed",
      "rollout: changes as shown above",
      "confirm: rollout changed",
    ]);
    expect(plan.unknownVariables).toEqual(["POSTGRES_DB", "POSTGRES_PASSWORD"]);
  });

  it("keeps the release that was verified last on the server, not one that was tried since (F139)", () => {
    const release = verifiedFact({ release: "0.9.0", images: { ...deployed.release?.images } });
    expect(withFacts({}, carriedOut(deployed, { release })).release).toBe("0.9.0");
    expect(withFacts({}, carriedOut(deployed)).release).toBe("1.0.0");
  });

  it("keeps the commit of the deployed release", () => {
    const commit = "0123456789abcdef";
    const release = { ...deployed.release, version: "1.0.0", images: { ...deployed.release?.images }, commit };
    expect(changes(withFacts({}, carriedOut({ ...deployed, release })))).toEqual([]);
  });

  it("is compared with the published plan where the server told nothing", () => {
    const plan = offline({}, {}, { published: published(), observations: { main: undefined } });
    expect(mainOf(plan.hosts).made).toBe("offline");
    expect(changes(plan)).toEqual([]);
  });

  it("shows everything as new on a server that has forgotten the stack", () => {
    const host = mainOf(withFacts({}, observed()).hosts);
    expect(changedDocuments(host).map(({ change }) => change.kind)).toEqual(host.documents.map(() => "new"));
  });
});
