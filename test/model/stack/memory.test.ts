import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { memoryBudget, memoryLimit } from "../../../model/stack/memory.ts";
import { deployment, digest, migration, rolloutSettings, service, settings } from "./aaperture.ts";
import { hostOf } from "./main-host.ts";
import { tcp } from "./port.ts";

const release = true;
const limited = (limit: string) => ({ fields: { deploy: { resources: { limits: { memory: limit } } } } });

/** A stack with a database, a site in two replicas, a worker and a migration. */
function shop(also: Partial<Deployment> = {}): Deployment {
  const replicas = { deploy: { replicas: 2 } };
  const services = [
    service("db", limited("1000")),
    service("web", { ports: [tcp(80)], fields: replicas }),
    service("queue"),
    service("free"),
  ];
  const given = { web: { release, memory: 100 }, queue: { release, memory: 10 } };
  const migrations = [{ ...migration(), settings: settings({ memory: 150 }) }];
  return deployment(services, given, {
    ...{ migrations, proxy: { image: digest("traefik", "f"), memory: 5 }, ports: { web: { only: "none" } } },
    ...also,
  });
}

function budgetOf(given: Deployment) {
  return memoryBudget(stackOf(given), hostOf(given).parts).parts;
}

describe("the memory that a stack may use at the same time", () => {
  it("is that of the shared services, the proxy and both colours, with one set of workers (E12)", () => {
    const all = { "shared services": 1000, proxy: 5, release: 210 };
    expect(budgetOf(shop())).toEqual({ ...all, "next release beside it": 200 });
    // Nothing runs beside a release that stops first, but the migration does.
    const rollout = { ...rolloutSettings, strategy: "recreate" } as const;
    expect(budgetOf(shop({ rollout }))).toEqual({ ...all, "next release beside it": 150 });
    expect(budgetOf(shop({ rollout, migrations: [] }))).toEqual(all);
    expect(budgetOf(deployment([service("db")]))).toEqual({});
  });

  it.each([
    ["512m", 512 * 1024 ** 2],
    ["1.5gb", 1536 * 1024 ** 2],
    ["${LIMIT}", undefined],
    ["0", undefined],
  ])("counts the compose file's limit of '%s', unless the stack has another", (limit, bytes) => {
    const one = service("db", { fields: { mem_limit: limit } });
    expect(memoryLimit({ compose: one, settings: settings() })).toBe(bytes);
    expect(memoryLimit({ compose: service("db", limited(limit)), settings: settings() })).toBe(bytes);
    expect(memoryLimit({ compose: one, settings: settings({ memory: 7 }) })).toBe(7);
  });

  it("names the services that have no limit, and the plan says where it may be too much", () => {
    expect(memoryBudget(stackOf(shop()), hostOf(shop()).parts).unlimited).toEqual(["free"]);
    const memory = { reserve: 1, overcommit: "the limits are peaks" };
    expect(stackOf(deployment([service("db")], {}, { memory })).notes).toContain(
      'memory: may be more than the server has, since "the limits are peaks"',
    );
  });
});
