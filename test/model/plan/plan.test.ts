import { describe, expect, it } from "vitest";
import {
  changesOf,
  documentsOf,
  documentsOutput,
  planDeployment,
  type HostPlan,
  type Plan,
} from "../../../model/plan/plan.ts";
import { readLastOutputs } from "../../../model/facts/last-outputs.ts";
import type { Observation } from "../../../model/facts/observation.ts";
import { printPlan } from "../../../model/report/print-plan.ts";
import { planTable } from "../report/plan-table.ts";
import { aaperture, digest, lockedImage, migration, settings } from "../stack/aaperture.ts";
import { noPlain, withStack } from "./applied-plan.ts";
import { observed } from "../facts/observed.ts";
import { colourFact, verifiedFact } from "../facts/release/released.ts";
import { mainOf } from "../stack/main-host.ts";
import { releaseDocuments, sharedDocuments } from "./parts-of-plan.ts";

const nothing = readLastOutputs({}, "main");
let attempts = 0;
const newAttempt = (): string => `a${++attempts}`;

function whole(observation: Observation | undefined, last = nothing, wanted = aaperture()): Plan {
  return planDeployment(withStack(wanted), { hosts: { main: { observation, last } }, newAttempt });
}

function plan(observation: Observation | undefined, last = nothing, wanted = aaperture()): HostPlan {
  return mainOf(whole(observation, last, wanted).hosts);
}

/** The observation of a server after a plan was applied. */
function carriedOut(done: HostPlan): Observation {
  const applied = documentsOf(done).map(({ object, number, hash, text, document: { kind, resource } }) => ({
    ...{ object, kind, resource, number, hash, text },
    differences: [],
  }));
  return observed({ applied, files: done.written });
}

function changed(found: HostPlan): string[] {
  return changesOf(found).map(({ document, change }) => `${document.resource}: ${change.kind}`);
}

describe("a plan", () => {
  it("for an empty server makes everything, from the claim to the release", () => {
    expect(changed(plan(observed()))).toEqual([
      "claim: new",
      "directory: new",
      "images: new",
      "files: new",
      "secrets: new",
      "networks: new",
      "volume-metrics: new",
      "volume-pgdata: new",
      "proxy: new",
      "shared: new",
      "rollout: new",
      "confirm: new",
    ]);
  });

  it("gives the document of a volume the value that accepts it, and no other document", () => {
    const data = { "aaperture-staging_pgdata": "machine-1:0123456789ab" };
    const { volumes, ...rest } = plan(observed(), nothing, { ...aaperture(), adopt: { done: false, data } });
    const bodies = volumes.map(({ volume, guard }) => [volume, guard.document.body["adopt"]]);
    expect(Object.fromEntries(bodies)).toEqual({ "aaperture-staging_metrics": undefined, ...data });
    expect(sharedDocuments(rest).compose.document.body["adopt"]).toBeUndefined();
  });

  it("for a server as declared changes nothing and sends the applied documents", () => {
    const first = plan(observed());
    const printed = whole(carriedOut(first));
    const second = mainOf(printed.hosts);
    expect(changed(second)).toEqual([]);
    expect(documentsOf(second).map(({ text }) => text)).toEqual(documentsOf(first).map(({ text }) => text));
    expect(planTable(printPlan(printed, noPlain))).toContain("the server is as declared");
  });

  it("repairs drift under a new number and reports it (F96)", () => {
    const found = carriedOut(plan(observed()));
    const differences = [{ where: "aaperture-staging-api-blue", expected: "running", found: "exited (1)" }];
    const drifted = found.applied.map((fact) => (fact.kind === "rollout" ? { ...fact, differences } : fact));
    const repair = whole({ ...found, applied: drifted });
    expect(changed(mainOf(repair.hosts))).toEqual(["rollout: repair"]);
    const { documents, drift, services } = mainOf(printPlan(repair, noPlain).hosts);
    expect(documents.find(({ resource }) => resource === "rollout")?.impact).toBe("restart");
    expect(drift).toEqual([
      { resource: "rollout", where: "aaperture-staging-api-blue", expected: "running", found: "exited (1)" },
    ]);
    expect(services).toEqual([{ service: "api", move: "restarts", reasons: ["its container was found exited (1)"] }]);
  });

  it("restarts only the service with a rewritten mounted file", () => {
    const found = carriedOut(plan(observed()));
    const files = found.files.map((file) => ({ ...file, sha256: "" }));
    const differences = [{ where: "prometheus/prometheus.yml", expected: "as written", found: "nothing" }];
    const applied = found.applied.map((fact) => (fact.kind === "files" ? { ...fact, differences } : fact));
    expect(changed(plan({ ...found, files, applied }))).toEqual(["files: repair", "shared: changed"]);
  });

  it("is printed with the cost of each change", () => {
    const found = carriedOut(plan(observed()));
    const wanted = aaperture({ proxy: { image: digest("traefik", "9"), memory: undefined } });
    const { made, documents } = mainOf(printPlan(whole(found, nothing, wanted), noPlain).hosts);
    const costs = documents.map(({ resource, impact }) => [resource, impact]).filter(([, impact]) => impact !== "none");
    expect({ made, costs }).toEqual({ made: "observed", costs: [["proxy", "gap"]] });
  });

  it("without an observation assumes that the documents of the last outputs are applied", () => {
    const first = whole(observed());
    const blind = whole(undefined, readLastOutputs({ documents: documentsOutput(first) }, "main"));
    const texts = (one: Plan): string[] => documentsOf(mainOf(one.hosts)).map(({ text }) => text);
    expect(texts(blind)).toEqual(texts(first));
    expect(mainOf(printPlan(blind, noPlain).hosts).documents.filter(({ impact }) => impact !== "none")).toEqual([]);
  });

  it("without a release document keeps the release that was verified last, images and all (F139)", () => {
    const first = aaperture({ migrations: [migration()] });
    const images = { ...first.release?.images, "slipway-proxy": "traefik:v3@sha256:".padEnd(82, "e") };
    const release = verifiedFact({ release: "1.0.0", images });
    const again = whole(observed({ release }), nothing, { ...first, release: undefined });
    expect(again.stack.release?.images).toEqual(first.release?.images);
    expect(planTable(printPlan(again, noPlain))).toContain(
      "release 1.0.0 (no release document: the one that was verified last stays)",
    );
  });

  it("without a release document still takes a shared service's image from the lock", () => {
    const images = {
      ...aaperture().release?.images,
      grafana: digest("grafana/grafana:12", "c"),
      "slipway-proxy": digest("traefik", "e"),
    };
    const release = verifiedFact({ release: "1.0.0", images });
    const wanted = {
      ...aaperture({ lock: { ...aaperture().lock, "grafana/grafana:12": lockedImage("d") } }),
      release: undefined,
    };
    const again = printPlan(whole(observed({ release }), nothing, wanted), noPlain);
    expect(mainOf(again.hosts).images.find(({ service }) => service === "grafana")?.declared).toBe(
      digest("grafana/grafana:12", "d"),
    );
  });

  it("without a release document keeps the verified release, not one that was tried since (F139)", () => {
    const first = aaperture({ migrations: [migration()] });
    const release = verifiedFact({ release: "1.0.0", images: { ...first.release?.images } });
    const tried = aaperture({
      release: { version: "2.0.0", images: { ...first.release?.images, api: digest("api", "9") } },
    });
    const found = { ...carriedOut(plan(observed(), nothing, tried)), release };
    const again = whole(found, nothing, { ...first, release: undefined });
    expect(again.stack.release?.version).toBe("1.0.0");
    expect(again.stack.release?.images).toEqual(first.release?.images);
  });

  it("rejects a release that is held, and names the ways out", () => {
    const { hash } = releaseDocuments(plan(observed())).rollout;
    const hold = { release: "1.0.0", hash, by: "watch", who: "", why: "'api' restarts", since: "2026-01-01T00:00:00Z" };
    expect(() => plan(observed({ release: verifiedFact({}, { holds: [hold] }) }))).toThrow(
      "release: '1.0.0' is held by watch since 2026-01-01T00:00:00Z: 'api' restarts; " +
        "release another version, or let this one be deployed again with `slipway resume 1.0.0`",
    );
  });

  it("rejects a second colour that does not fit into the free memory beside the first (F16, E12)", () => {
    const services = { ...aaperture().services, api: { ...settings({ release: true }), memory: 7 * 1024 ** 3 } };
    const wanted = aaperture({ services, memory: { reserve: 1, overcommit: "peaks" } });
    expect(() => plan(observed({ release: verifiedFact() }), nothing, wanted)).toThrow(
      "services: the new colour may use 7168 MB by its limits, got 6144 MB of free memory; " +
        "lower `services.<service>.memory`, free memory on the server, or use a larger one",
    );
    const { hash } = releaseDocuments(plan(observed(), nothing, wanted)).rollout;
    const live = colourFact("blue", { state: "live", hash });
    const release = verifiedFact({}, { colours: [live, colourFact("green")] });
    expect(releaseDocuments(plan(observed({ release }), nothing, wanted)).rollout.hash).toBe(hash);
  });

  it("rejects a stack without any release", () => {
    expect(() => plan(observed(), nothing, { ...aaperture(), release: undefined })).toThrow(
      "release: there is no release document, and none was verified here before; " +
        "let the build job write `release.json`, or name another file with `release.file`",
    );
  });
});
