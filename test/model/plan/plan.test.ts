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
import { planTable } from "../../../model/report/table.ts";
import { aaperture, digest } from "../stack/aaperture.ts";
import { noPlain, withStack } from "./applied-plan.ts";
import { observed } from "../facts/observed.ts";
import { mainOf } from "../stack/main-host.ts";

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
      "shared: new",
      "proxy: new",
      "rollout: new",
    ]);
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
    const differences = [{ where: "aaperture-staging-blue-api-blue-1", expected: "running", found: "exited (1)" }];
    const drifted = found.applied.map((fact) => (fact.kind === "rollout" ? { ...fact, differences } : fact));
    const repair = whole({ ...found, applied: drifted });
    expect(changed(mainOf(repair.hosts))).toEqual(["rollout: repair"]);
    const { documents, drift, services } = mainOf(printPlan(repair, noPlain).hosts);
    expect(documents.find(({ resource }) => resource === "rollout")?.impact).toBe("restart");
    expect(drift).toEqual([
      { resource: "rollout", where: "aaperture-staging-blue-api-blue-1", expected: "running", found: "exited (1)" },
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

  it("without a release document keeps the release that was applied last", () => {
    const first = aaperture();
    const release = { version: "1.0.0", images: {}, colour: "blue", since: "" };
    const images = { ...first.release?.images, "@proxy": "traefik:v3@sha256:".padEnd(82, "e") };
    const again = whole(observed({ release: { ...release, images } }), nothing, { ...first, release: undefined });
    expect(again.stack.release?.images).toEqual(first.release?.images);
    expect(planTable(printPlan(again, noPlain))).toContain(
      "release 1.0.0 (no release document: the one that was applied last stays)",
    );
  });

  it("without a release document still takes a shared service's image from the stack", () => {
    const images = {
      ...aaperture().release?.images,
      grafana: digest("grafana/grafana", "c"),
      "@proxy": digest("traefik", "e"),
    };
    const release = { version: "1.0.0", images, colour: "blue", since: "" };
    const wanted = {
      ...aaperture({ images: { ...aaperture().images, grafana: digest("grafana/grafana", "d") } }),
      release: undefined,
    };
    const again = printPlan(whole(observed({ release }), nothing, wanted), noPlain);
    expect(mainOf(again.hosts).images.find(({ service }) => service === "grafana")?.declared).toBe(
      digest("grafana/grafana", "d"),
    );
  });

  it("rejects a stack without any release", () => {
    expect(() => plan(observed(), nothing, { ...aaperture(), release: undefined })).toThrow(
      "release: there is no release document, and none was applied before; " +
        "let the build job write `release.json`, or name another file with `release.file`",
    );
  });
});
