import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../model/problem.ts";
import type { Service } from "../../../model/compose/application.ts";
import { containersOf, ensureContainerNamesAreClear } from "../../../model/stack/container-names.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { deployment, service } from "./aaperture.ts";

const nowhere = { aliases: [], fields: {} };

function stack(services: readonly Service[], released: readonly string[] = []) {
  const settings = Object.fromEntries(released.map((name) => [name, { release: true as const }]));
  return stackOf(deployment(services, settings, { project: "shop" }));
}

function problems(services: readonly Service[], released: readonly string[] = []): string[] {
  return ensureContainerNamesAreClear(stack(services, released)).map(describeProblem);
}

describe("the containers of a stack (E21)", () => {
  it("are called by project and service, and by colour in a release, and each of several has a number", () => {
    const given = stack(
      [service("db"), service("shop-queue"), service("api"), service("worker", { fields: { scale: 2 } })],
      ["api", "worker"],
    );
    expect(containersOf(given, given.services)).toEqual({
      "shop-db": "db",
      "shop-queue": "shop-queue",
      "shop-api-blue": "api",
      "shop-api-green": "api",
      "shop-worker-blue-1": "worker",
      "shop-worker-blue-2": "worker",
      "shop-worker-green-1": "worker",
      "shop-worker-green-2": "worker",
      "shop-slipway-proxy": "slipway-proxy",
    });
  });

  it("are those of its services alone without a release", () => {
    const given = stack([service("db")]);
    expect(containersOf(given, given.services)).toEqual({ "shop-db": "db" });
  });
});

describe("problems of containers' names (E21)", () => {
  const todo = "rename one of them in the compose file, or choose another project";

  it("rejects two services whose containers would have one name, each with the other", () => {
    expect(problems([service("db"), service("shop-db")])).toEqual([
      `compose.services.db: has a container called 'shop-db', which is a name of 'shop-db' as well; ${todo}`,
      `compose.services.shop-db: has a container called 'shop-db', which is a name of 'db' as well; ${todo}`,
    ]);
  });

  it("rejects a container with a name that another service has in a network with it", () => {
    const named = service("cache", { containerName: "shop-db" });
    const found = `compose.services.db: has a container called 'shop-db', which is a name of 'cache' as well; ${todo}`;
    expect(problems([service("db"), named])).toEqual([found]);
  });

  it("rejects a container with the name of the proxy's", () => {
    expect(problems([service("shop-slipway-proxy"), service("api")], ["api"])).toEqual([
      "compose.services.shop-slipway-proxy: has a container called 'shop-slipway-proxy', which is a name of " +
        `slipway's proxy as well; ${todo}`,
    ]);
  });

  it("takes a name that the service has itself, and one of a service that is in no network with it", () => {
    const own = service("db", { containerName: "shop-db" });
    const apart = service("cache", { containerName: "shop-api", networks: { back: nowhere } });
    expect(problems([own, service("api"), apart])).toEqual([]);
  });
});
