import { describe, expect, it } from "vitest";
import type { Dependency } from "../../../../model/compose/application.ts";
import { describeProblem } from "../../../../model/problem.ts";
import type { Deployment } from "../../../../model/stack/deployment.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { ensureOrderIsPossible, inOrder } from "../../../../model/stack/start/order.ts";
import { observed } from "../../facts/observed.ts";
import { documentsOf } from "../../../../model/plan/plan.ts";
import { planOf } from "../../plan/applied-plan.ts";
import { deployment, digest, migration, service } from "../aaperture.ts";
import { hostOf } from "../main-host.ts";

const ready: Dependency = { condition: "service_healthy", required: true };
const ended: Dependency = { condition: "service_completed_successfully", required: true };

/** A service that waits for others. */
const waiting = (name: string, ...needed: string[]) =>
  service(name, {
    image: digest(`registry.test/${name}`, "1"),
    dependsOn: Object.fromEntries(needed.map((one) => [one, ready])),
  });

const migrate = migration({ image: digest("registry.test/migrate", "3") });

/** A database, the release `api`, and further services. */
function shop(further: ReturnType<typeof service>[], also: Partial<Deployment> = {}, released: string[] = []) {
  const services = [waiting("db"), waiting("api", "db"), ...further];
  const images = { api: digest("registry.test/api", "1"), migrate: digest("registry.test/migrate", "3") };
  const release = { version: "1", images: { ...images, ...also.release?.images }, proxy: digest("traefik:v3.6", "f") };
  const settings = Object.fromEntries(["api", ...released].map((name) => [name, { release: true }]));
  return deployment(services, settings, { ...also, release });
}

const parts = (any: Deployment) => {
  const { before, release, after } = hostOf(any).parts;
  return [before, release, after].map((part) => part?.services.map(({ name }) => name));
};

const problems = (any: Deployment) => ensureOrderIsPossible(stackOf(any)).map(describeProblem);

describe("the order of a stack's parts", () => {
  it("puts a shared service that waits for the release after it, and all that wait for that one", () => {
    const any = shop([waiting("probe", "nginx"), waiting("nginx", "api"), waiting("mail", "db")]);
    expect(parts(any)).toEqual([["db", "mail"], ["api"], ["nginx", "probe"]]);
  });

  it("puts a shared service that waits for the migration after the release", () => {
    const scheduler = service("scheduler", { dependsOn: { migrate: ended } });
    const any = shop([scheduler], { migrations: [migrate] });
    expect(parts(any)).toEqual([["db"], ["api"], ["scheduler"]]);
  });

  it("puts a shared service that waits for a job of the release after it", () => {
    const assets = service("assets", { dependsOn: { collect: ended } });
    expect(parts(shop([service("collect"), assets], {}, ["collect"]))).toEqual([
      ["db"],
      ["api", "collect"],
      ["assets"],
    ]);
  });

  it("has no part before the release if all shared services wait for it, and none after it without a release", () => {
    const only = deployment([waiting("api"), waiting("nginx", "api")], { api: { release: true } });
    expect(parts(only)).toEqual([undefined, ["api"], ["nginx"]]);
    expect(parts(deployment([waiting("api"), waiting("nginx", "api")]))).toEqual([
      ["api", "nginx"],
      undefined,
      undefined,
    ]);
  });

  it("is that of the documents: proxy, shared services, migrations, release, and who waits for it", () => {
    const plan = planOf(shop([waiting("nginx", "api")], { migrations: [migrate] }), observed());
    const names = documentsOf(plan).map(({ document: { resource } }) => resource);
    expect(names.slice(names.indexOf("networks"))).toEqual([
      ...["networks", "proxy", "shared", "migration-migrate", "rollout", "confirm", "shared-after"],
    ]);
  });

  it("gives both documents of the project the services that the other one starts, and objects of their own", () => {
    const { shared } = planOf(shop([waiting("nginx", "api")]), observed());
    const { before, after } = shared ?? {};
    expect([before?.object, after?.object]).toEqual(["compose:shop", "compose:shop:after"]);
    expect(before?.document.body).toMatchObject({ project: "shop", beside: { nginx: "after" } });
    expect(after?.document.body).toMatchObject({ project: "shop", after: "release", beside: { db: "before" } });
  });

  it("is the same for migrations as the stack names them, but that each runs after those that it waits for", () => {
    const named = (name: string, ...needed: string[]) => ({ ...waiting(name, ...needed), part: "migration" as const });
    const services = ["one", "two", "three"].map((name) => named(name, ...(name === "one" ? ["three"] : [])));
    const all = services.map((compose) => ({ name: compose.name, part: "migration" as const, compose }));
    expect(inOrder(all).map(({ name }) => name)).toEqual(["three", "one", "two"]);
    const migrations = services.map((one) => ({ ...migrate, service: one }));
    const planned = planOf(shop([], { migrations }), observed()).release?.migrations;
    expect(planned?.map(({ document: { resource } }) => resource)).toEqual(
      ["three", "one", "two"].map((name) => `migration-${name}`),
    );
  });

  it("is a line of the plan where another part is not restarted with a service, as the file says", () => {
    const dependsOn = { api: { ...ready, restart: true } };
    expect(stackOf(shop([service("nginx", { dependsOn })])).notes.slice(-1)).toEqual([
      "nginx: is not restarted when 'api' is replaced (restart of its depends_on); " +
        "the two start at different times",
    ]);
    const alone = deployment([service("nginx", { dependsOn }), waiting("api")]);
    expect(stackOf(alone).notes.filter((note) => note.includes("depends_on"))).toEqual([]);
    const late = service("nginx", { dependsOn: { ...waiting("", "api").dependsOn, db: { ...ready, restart: true } } });
    expect(stackOf(shop([late])).notes.slice(-1)).toEqual([
      "nginx: is not restarted when 'db' is replaced (restart of its depends_on); " +
        "the two start at different times",
    ]);
  });
});

describe("an order that cannot be", () => {
  it("rejects a release that waits for what starts after it, with the circle and a way out", () => {
    expect(problems(shop([waiting("nginx", "api"), waiting("jobs", "nginx")], {}, ["jobs"]))).toEqual([
      "compose.services.nginx.depends_on: waits for the release, and the release waits for it ('jobs'), " +
        "got nginx → api; set services.nginx.release, so that it starts with the release; or take 'api' out of it",
    ]);
  });

  it("rejects a migration that waits for a service of its own release", () => {
    const late = migration({ image: digest("registry.test/migrate", "3"), dependsOn: { api: ready } });
    expect(problems(shop([], { migrations: [late] }))).toEqual([
      "compose.services.migrate.depends_on: waits for 'api', and a migration ends before the services of its release " +
        "start, got 'migrate'; remove 'api' from it; or take 'migrate' out of migration and set " +
        "services.migrate.release: then it is a job of the release, which starts after 'api'",
    ]);
  });

  it("has a way out that works: what is released as well starts with the release", () => {
    const any = shop([waiting("nginx", "api"), waiting("jobs", "nginx")], {}, ["jobs", "nginx"]);
    expect([problems(any), parts(any)]).toEqual([[], [["db"], ["api", "jobs", "nginx"], undefined]]);
  });
});
