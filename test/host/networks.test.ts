import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { Deployer } from "./deploy.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

let host: LocalHost;
let session: LocalRun;
let deployer: Deployer;

beforeEach(async () => {
  host = new LocalHost();
  host.engine.start();
  deployer = new Deployer(host, "networks");
  session = await host.session(staging, "one");
});
afterEach(async () => {
  await session.end();
  expect(host.engine.misunderstood).toBe("");
  host.remove();
});

const body = (...names: string[]) => ({ networks: Object.fromEntries(names.map((name) => [name, "data"])) });

describe("the verb networks", { timeout: 60_000 }, () => {
  it("makes missing networks, removes those no longer named, and touches no others", async () => {
    host.engine.addNetwork("bridge");
    expect(await deployer.apply(body("app_data", "app_edge"))).toBe("applied");
    expect(host.engine.networks).toEqual({ app_data: staging, app_edge: staging, bridge: "" });
    expect(await deployer.apply(body("app_data", "app_edge"), true)).toBe("unchanged");
    host.engine.removeNetwork("app_edge");
    const found = await session.observe();
    expect(found.find(({ fact }) => fact === "applied")?.["differences"]).toEqual([
      { where: "network app_edge", expected: `made for ${staging}`, found: "missing" },
    ]);
    expect(await deployer.apply(body("app_edge"))).toBe("applied");
    expect(host.engine.networks).toEqual({ app_edge: staging, bridge: "" });
    expect(await deployer.apply(body("app_data", "app_edge"))).toBe("applied");
    await session.end();
    host.engine.addNetwork("app_data", "other/stack");
    expect(await deployer.delete(body("app_data", "app_edge"))).toBe("deleted");
    expect(host.engine.networks).toEqual({ app_data: "other/stack", bridge: "" });
  });

  it("waits for an engine that restarts (F25)", async () => {
    host.engine.addNetwork("app_data", staging);
    host.engine.stop();
    const script = `${host.engine.returnsWhenAwaited}\nnetworks_read; echo "\${network_owners[app_data]}"`;
    expect((await host.source(staging, script)).stdout).toBe(`${staging}\n`);
  });

  it("rejects a network of the same name that it did not make (F33)", async () => {
    host.engine.addNetwork("app_data", "other/stack");
    expect(await deployer.apply(body("app_data"))).toContain(
      "networks: a network 'app_data' is there already and is not of aaperture/staging (document 1.a); " +
        "remove it with `docker network rm app_data`\n",
    );
    expect(await deployer.delete(body("app_data"))).toBe("superseded");
    await session.end();
    expect(host.engine.networks).toEqual({ app_data: "other/stack" });
  });
});
