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
const here = { aliases: [], fields: {} };
const free = { impact: "none", meaning: "no interruption" };

/** The costs of all documents that are sent, by resource. */
function costs(wanted: Deployment, found: Observation = applied, goesBack = false) {
  const plan = planOf(wanted, found);
  const sent = documentsOf(plan).filter(({ change }) => change.kind !== "same");
  return Object.fromEntries(sent.map((planned) => [planned.document.resource, costOf(plan, planned, goesBack)]));
}

/** The shop with other images of these services. */
function withImages(...names: readonly string[]): Deployment {
  const image = (name: string): { image: string } => ({ image: digest(`registry.test/${name}`, "9") });
  return names.reduce((changed, name) => withService(changed, name, image(name)), shop());
}

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
    expect(costs(withImages("relay"))["shared"]).toEqual({
      impact: "restart",
      meaning: "relay restarts",
      gap: { seconds: 5, atMost: 60 },
    });
  });

  it("is a gap if the release depends on one, directly or through another service", () => {
    expect(costs(withImages("database"))["shared"]).toEqual({
      impact: "gap",
      meaning: "database restarts, and web and worker depend on it",
      gap: { seconds: 5, atMost: 90 },
    });
  });

  it("names all services that restart and are needed", () => {
    expect(costs(withImages("database", "queue"))["shared"]).toEqual({
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
    const found = drifted(carriedOut(site()), "rollout", [["site-web-blue", "running", "exited (1)"]]);
    expect(costs(site(), found)).toEqual({
      rollout: { impact: "restart", meaning: "differences in the live colour are repaired in place" },
    });
  });
});

describe("the cost of networks that are made again", () => {
  const lost = (network: string, wanted: Deployment) =>
    costs(wanted, drifted(carriedOut(wanted), "networks", [[`network ${network}`, "made", "missing"]]))["networks"];

  it("is a gap until the slowest service in them is back, and says who is cut off", () => {
    expect(lost("shop_default", shop())).toEqual({
      impact: "gap",
      meaning: "shop_default is made again: until then database, queue, relay, web and worker lose what is there",
      gap: { seconds: 10, atMost: 90 },
    });
    expect(lost("site_default-blue", site())).toEqual({
      impact: "gap",
      meaning: "site_default-blue is made again: until then web loses what is there",
      gap: { seconds: 10, atMost: 60 },
    });
    expect(lost("shop_default-calls", shop())?.meaning).toContain("database, queue and relay lose");
  });

  it("is nothing where no service is in them", () => {
    expect(lost("shop-slipway-proxy", shop())).toEqual({
      impact: "none",
      meaning: "shop-slipway-proxy is made again; no service is there",
    });
  });

  const withNetwork = (network: Readonly<Record<string, boolean>>): Deployment => {
    const plain = shop();
    const networks = { ...plain.application.networks, default: network };
    return { ...plain, application: { ...plain.application, networks } };
  };

  it("is that of a change in the file", () => {
    const { impact, meaning } = costs(withNetwork({ internal: true }))["networks"] ?? {};
    expect([impact, meaning]).toEqual([
      "gap",
      expect.stringMatching(/^shop_default, .* are made again: until then database/),
    ]);
  });

  it("is nothing where they only come", () => {
    const { application, ...plain } = shop();
    const moved = Object.entries(application.services).map(([name, one]) => {
      return [name, name === "relay" ? { ...one, networks: { default: here, more: here } } : one] as const;
    });
    const wanted = { ...plain, application: { ...application, services: Object.fromEntries(moved) } };
    expect(costs(wanted)["networks"]).toEqual({
      impact: "none",
      meaning: "networks come or go, and no service loses one that it has",
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
  const live = { impact: "live", meaning: "it runs once for a release, while the previous release serves" };

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

  it("is nothing for a release to which the stack goes back (C2)", () => {
    const earlier = { release: { version: "0.9.0", images: { ...shop().release?.images } } };
    expect(costs({ ...migrated, ...earlier }, found, true)["migration-migrate"]).toEqual({
      impact: "none",
      meaning: "going back runs no migration",
    });
  });

  it("is a run beside the live release for other data", () => {
    const other = drifted(found, "migration-migrate", [
      ["'migrate' of 1.0.0", "run on this data", "run on other data"],
    ]);
    expect(costs(migrated, other)).toEqual({ "migration-migrate": live });
  });
});
