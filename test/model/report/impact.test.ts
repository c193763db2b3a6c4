import { describe, expect, it, test } from "vitest";
import type { Observation } from "../../../model/facts/observation.ts";
import { documentsOf } from "../../../model/plan/plan.ts";
import { costOf } from "../../../model/report/impact.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { observed } from "../facts/observed.ts";
import { blindPlan, carriedOut, drifted, planOf } from "../plan/applied-plan.ts";
import { withService } from "../stack/changed-service.ts";
import { digest, migration, settings } from "../stack/aaperture.ts";
import { mainOf } from "../stack/main-host.ts";
import { shop, site } from "../stack/small-applications.ts";

const applied = carriedOut(shop());
const free = { impact: "none", meaning: "no interruption" };

/** The costs of all documents that are sent, by resource. */
function costs(wanted: Deployment, found: Observation = applied) {
  const plan = planOf(wanted, found);
  const sent = documentsOf(plan).filter(({ change }) => change.kind !== "same");
  return Object.fromEntries(sent.map((planned) => [planned.document.resource, costOf(plan, planned)]));
}

const image = (name: string): Partial<Deployment> => ({ images: { [name]: digest(`registry.test/${name}`, "9") } });

describe("the cost of a document", () => {
  it("is nothing for all that is new on a server", () => {
    const all = ["claim", "directory", "images", "networks", "proxy", "rollout", "confirm"];
    expect(costs(site(), observed())).toEqual(Object.fromEntries(all.map((resource) => [resource, free])));
  });

  it("is nothing if the document is probably not sent, as in a blind plan of the same deployment", () => {
    const plan = mainOf(blindPlan(shop(), shop()).hosts);
    expect(documentsOf(plan).map((planned) => costOf(plan, planned))).toEqual(documentsOf(plan).map(() => free));
  });
});

describe("the cost of changing shared services", () => {
  it("is a restart if no release service depends on those that restart", () => {
    expect(costs(shop(image("relay")))["shared"]).toEqual({
      impact: "restart",
      meaning: "relay restarts",
      gap: { seconds: 5, atMost: 60 },
    });
  });

  it("is a gap if the release depends on one, directly or through another service", () => {
    expect(costs(shop(image("database")))["shared"]).toEqual({
      impact: "gap",
      meaning: "database restarts, and web and worker depend on it",
      gap: { seconds: 5, atMost: 90 },
    });
  });

  it("names all services that restart and are needed", () => {
    const both = { images: { ...image("database").images, ...image("queue").images } };
    expect(costs(shop(both))["shared"]).toEqual({
      impact: "gap",
      meaning: "database and queue restart, and web and worker depend on them",
      gap: { seconds: 5, atMost: 90 },
    });
  });

  it("is nothing if no container is touched", () => {
    const patient = shop({ services: { ...shop().services, relay: settings({ drop: ["/tmp"], boot: 120 }) } });
    expect(costs(patient)).toEqual({ shared: { impact: "none", meaning: "nothing that runs is touched" } });
  });
});

describe("the cost of changing the proxy", () => {
  it("is a gap on the ports of the release", () => {
    expect(costs(shop({ proxy: { image: digest("traefik:v3.7", "e"), memory: undefined } }))["proxy"]).toEqual({
      impact: "gap",
      meaning: "the proxy restarts: no answers on the ports of web and worker",
      gap: { seconds: 3, atMost: 60 },
    });
  });

  it("is nothing if its container is not among the differences", () => {
    const found = drifted(applied, "proxy", [["compose.yaml", "as written", "another text"]]);
    expect(costs(shop(), found)["proxy"]).toEqual({ impact: "none", meaning: "the proxy stays as it runs" });
  });
});

describe("the cost of changing the release", () => {
  it("is a switch to the other colour", () => {
    const release = { version: "7.1", images: { web: digest("registry.test/site", "5") } };
    expect(costs(site({ release }), carriedOut(site()))).toEqual({
      images: free,
      confirm: { impact: "none", meaning: "the release is recorded as verified; the one before it: kept stopped" },
      rollout: { impact: "live", meaning: "the other colour comes up and is checked, then the proxy switches" },
    });
  });

  it("is a restart in place if the live colour has drifted", () => {
    const found = drifted(carriedOut(site()), "rollout", [["site-blue-web-blue-1", "running", "exited (1)"]]);
    expect(costs(site(), found)).toEqual({
      rollout: { impact: "restart", meaning: "differences in the live colour are repaired in place" },
    });
  });
});

describe("the cost of a lost network", () => {
  test.each([
    { what: "the slowest service", wanted: shop(), atMost: 90 },
    { what: "the only service", wanted: site(), atMost: 60 },
  ])("is a gap until $what is back", ({ wanted, atMost }) => {
    const found = drifted(carriedOut(wanted), "networks", [["network data", "made", "missing"]]);
    expect(costs(wanted, found)).toEqual({
      networks: {
        impact: "gap",
        meaning: "services lose each other until the network is back and they have joined it",
        gap: { seconds: 10, atMost },
      },
    });
  });
});

it("the cost of another guard of a volume is for the data, which stay as they are", () => {
  const newer = withService(shop(), "database", { image: digest("postgres:19", "a") });
  expect(costs(newer)["volume-rows"]).toEqual({
    impact: "data",
    meaning: "the guard of a data volume changes; the data stay as they are",
  });
});

describe("the cost of a migration", () => {
  const migrating = (letter: string) => migration({ image: digest("registry.test/migrate", letter) });
  const migrated = shop({ migrations: [migrating("3")] });
  const found = carriedOut(migrated);
  const live = { impact: "live", meaning: "it runs once for a release, while the release before serves" };

  it("is nothing for a release that was migrated, whatever else changes", () => {
    expect(costs({ ...migrated, migrations: [{ ...migrating("3"), deadline: 60 }] }, found)).toEqual({
      "migration-migrate": { impact: "none", meaning: "this release was migrated already" },
    });
  });

  test.each<[string, Partial<Deployment>]>([
    ["release", { release: { version: "2.0.0", images: { ...shop().release?.images } } }],
    ["image", { migrations: [migrating("4")] }],
  ])("is a run beside the live release for another %s", (_, also) => {
    expect(costs({ ...migrated, ...also }, found)["migration-migrate"]).toEqual(live);
  });

  it("is a run beside the live release for other data", () => {
    const other = drifted(found, "migration-migrate", [
      ["'migrate' of 1.0.0", "run on this data", "run on other data"],
    ]);
    expect(costs(migrated, other)).toEqual({ "migration-migrate": live });
  });
});
