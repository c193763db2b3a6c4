import { describe, expect, it, test } from "vitest";
import type { Observation } from "../../../model/facts/observation.ts";
import { documentsOf } from "../../../model/plan/plan.ts";
import { movesOf, serviceMoves } from "../../../model/report/service-move.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { observed } from "../facts/observed.ts";
import { blindPlan, carriedOut, drifted, planOf } from "../plan/applied-plan.ts";
import { withoutService, withService } from "../stack/changed-service.ts";
import { deployment, digest, service, settings } from "../stack/aaperture.ts";
import { mainOf } from "../stack/main-host.ts";
import { shop, site } from "../stack/small-applications.ts";

const applied = carriedOut(shop());

/** The moves of a plan, a line each. */
function moves(wanted: Deployment, found: Observation = applied): string[] {
  return serviceMoves(planOf(wanted, found)).map(
    ({ service, move, reasons }) => `${service} ${move}: ${reasons.join(", ")}`,
  );
}

/** An observation whose applied documents cannot be read, with one of them applied in another form. */
function unreadable(found: Observation, resource: string): Observation {
  const applied = found.applied.map((fact) =>
    fact.resource === resource ? { ...fact, hash: "other", text: "" } : fact,
  );
  return { ...found, applied };
}

describe("the moves of services", () => {
  it("are first starts on an empty server: the proxy, then shared services, then the release", () => {
    expect(moves(shop(), observed())).toEqual([
      "slipway-proxy starts: it is not there yet",
      "database starts: it is not there yet",
      "queue starts: it is not there yet",
      "relay starts: it is not there yet",
      "web starts: it is not there yet",
      "worker starts: it is not there yet",
    ]);
    expect(moves(site(), observed())).toEqual([
      "slipway-proxy starts: it is not there yet",
      "web starts: it is not there yet",
    ]);
  });

  it("are none on a server as declared, and in a blind plan of what was published", () => {
    expect([moves(shop()), moves(site(), carriedOut(site()))]).toEqual([[], []]);
    expect(serviceMoves(mainOf(blindPlan(shop(), shop()).hosts))).toEqual([]);
  });

  it("of one document are those of its services alone", () => {
    const plan = planOf(shop(), observed());
    const names = documentsOf(plan).map((one) => [
      one.document.resource,
      movesOf(plan, one).map(({ service }) => service),
    ]);
    expect(Object.fromEntries(names)).toEqual({
      ...{ claim: [], confirm: [], directory: [], images: [], files: [], secrets: [], networks: [] },
      ...{ "volume-jobs": [], "volume-rows": [] },
      ...{ shared: ["database", "queue", "relay"], proxy: ["slipway-proxy"], rollout: ["web", "worker"] },
    });
  });
});

describe("a shared service", () => {
  test.each<[string, string, Deployment]>([
    ["image", "queue restarts: its image changed", withService(shop(), "queue", { image: digest("redis:8", "9") })],
    ["field", "queue restarts: its command changed", withService(shop(), "queue", { fields: { command: ["save"] } })],
    [
      "secret file",
      "database restarts: DB_PASSWORD changed",
      shop({ variables: { DB_PASSWORD: "f9", SITE_NAME: "f2" } }),
    ],
  ])("restarts alone for another %s", (_, line, wanted) => {
    expect(moves(wanted).filter((move) => !move.includes("is replaced"))).toEqual([line]);
  });

  it("restarts for a changed file in a folder that it mounts, which the reason names", () => {
    const mounts = (text: string) => [
      {
        ...({ type: "file", source: "relay", target: "/etc/relay", readOnly: true } as const),
        files: [{ path: "relay/relay.conf", content: new TextEncoder().encode(text), executable: false }],
      },
    ];
    const wanted = withService(shop(), "relay", { mounts: mounts("limit 20\n") });
    expect(moves(wanted)).toEqual(["relay restarts: its file relay/relay.conf changed"]);
  });

  it("restarts for a mounted file that is gone from the server and is written again", () => {
    const files = applied.files.map((file) => ({ ...file, sha256: "" }));
    const found = drifted({ ...applied, files }, "files", [["relay/relay.conf", "as written", "nothing"]]);
    expect(serviceMoves(planOf(shop(), found, "b"))).toEqual([
      { service: "relay", move: "restarts", reasons: ["its file relay/relay.conf is rewritten"] },
    ]);
  });

  it("starts if it is new in the compose file, and stops if it is no longer there", () => {
    const without = withoutService(shop(), "relay");
    expect(moves(without)).toEqual(["relay stops: it is no longer declared"]);
    expect(moves(shop(), carriedOut(without))).toEqual(["relay starts: it is new"]);
  });

  it("restarts for its own drift, with all differences of its container", () => {
    const found = drifted(applied, "shared", [
      ["shop-database", "running", "exited (137)"],
      ["shop-relay variable LIMIT", "the value that was applied", "another value"],
      ["shop-relay restart policy", "as applied", "another"],
      ["compose.yaml", "as written", "another text"],
    ]);
    expect(moves(shop(), found)).toEqual([
      "database restarts: its container was found exited (137)",
      "relay restarts: its variable LIMIT is not as it was applied, its restart policy is not as it was applied",
    ]);
  });

  it("may restart if what was applied before is not known", () => {
    expect(moves(shop(), unreadable(applied, "shared"))).toEqual([
      "database may restart: what was applied before is not known",
      "queue may restart: what was applied before is not known",
      "relay may restart: what was applied before is not known",
    ]);
  });
});

describe("the proxy", () => {
  it("restarts if its container has drifted", () => {
    const found = drifted(applied, "proxy", [["shop-slipway-proxy", "running", "missing"]]);
    expect(moves(shop(), found)).toEqual(["slipway-proxy restarts: its container was found missing"]);
  });

  it("restarts for another image, and for another static file, which it reads only at its start", () => {
    const image = { proxy: { image: digest("traefik:v3.7", "e"), memory: undefined } };
    expect(moves(shop(image))).toEqual(["slipway-proxy restarts: its image changed"]);
    const web = settings({ release: true, health: { path: "/ready" }, port: 3001 });
    expect(moves(shop({ services: { ...shop().services, web } }))).toEqual([
      "slipway-proxy restarts: its file traefik.yaml changed",
      "web is replaced: it comes with the release",
      "worker is replaced: it comes with the release",
    ]);
  });
});

describe("a release service", () => {
  it("is replaced with the whole release, each with its own reasons", () => {
    const images = { ...shop().release?.images, web: digest("registry.test/shop", "5") };
    expect(moves(shop({ release: { version: "1.1.0", images } }))).toEqual([
      "web is replaced: its image changed",
      "worker is replaced: it comes with the release",
    ]);
  });

  it("is replaced for a variable that it uses", () => {
    expect(moves(shop({ variables: { DB_PASSWORD: "f1", SITE_NAME: "f9" } }))).toEqual([
      "web is replaced: SITE_NAME changed",
      "worker is replaced: SITE_NAME changed",
    ]);
  });

  it("stops if it is no longer declared", () => {
    expect(moves(withoutService(withService(shop(), "web", { dependsOn: {} }), "worker"))).toEqual([
      "web is replaced: its depends_on changed",
      "worker stops: it is no longer declared",
    ]);
  });

  it("alone restarts in place if its container in the live colour has drifted", () => {
    const found = drifted(applied, "rollout", [["shop-web-green", "running", "exited (1)"]]);
    expect(moves(shop(), found)).toEqual(["web restarts: its container was found exited (1)"]);
  });

  it("of several containers restarts for the drift of one", () => {
    const worker = { fields: { deploy: { replicas: 2 } } };
    const wanted = withService(shop(), "worker", worker);
    const found = drifted(carriedOut(wanted), "rollout", [["shop-worker-green-2", "running", "missing"]]);
    expect(moves(wanted, found)).toEqual(["worker restarts: its container was found missing"]);
  });

  it("is replaced if what was applied before is not known", () => {
    expect(moves(site(), unreadable(carriedOut(site()), "rollout"))).toEqual([
      "web is replaced: what was applied before is not known",
    ]);
  });
});

describe("the moves of shared services with jobs and an order", () => {
  const image = digest("registry.test/web", "1");
  const ended = { condition: "service_completed_successfully", required: true } as const;
  const started = { condition: "service_started", required: true } as const;
  const release = { version: "1", images: { api: image }, proxy: image };
  const stack = (web: Parameters<typeof service>[1] = {}, edge: Parameters<typeof service>[1] = {}) => {
    const services = [
      service("first", { image }),
      service("setup", { image, dependsOn: { first: ended } }),
      service("web", { image, dependsOn: { setup: ended }, ...web }),
      service("other", { image, restart: "no" }),
      service("api", { image }),
      service("edge", { image, ...edge }),
    ];
    return deployment(services, { api: { release: true } }, { release });
  };

  it("tell which jobs run again, and for whom", () => {
    const found = carriedOut(stack());
    expect(moves(stack(), found)).toEqual([]);
    expect(moves(stack({ fields: { user: "1000" } }), found)).toEqual([
      "web restarts: its user changed",
      "setup runs again: 'web' waits for its end, and is made again",
      "first runs again: 'setup' waits for its end, and is made again",
    ]);
  });

  it("keep the container of a service that starts at another place from now on", () => {
    const later = stack({}, { dependsOn: { api: started } });
    expect(moves(later, carriedOut(stack()))).toEqual(["edge may restart: it starts at another place of the order"]);
    expect(moves(stack(), carriedOut(later))).toEqual(["edge may restart: it starts at another place of the order"]);
  });
});
