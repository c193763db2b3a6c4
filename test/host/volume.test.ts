import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { outcome, staging } from "./answer.ts";
import { Deployer } from "./deploy.ts";
import { LocalHost, type LocalRun } from "./host-program.ts";

let host: LocalHost;
let session: LocalRun;
let deployer: Deployer;

beforeEach(async () => {
  host = new LocalHost();
  host.engine.start();
  deployer = new Deployer(host, "volume", staging, "volume-postgres");
  session = await host.session(staging, "one");
});
afterEach(async () => {
  await session.end();
  expect(host.engine.misunderstood).toBe("");
  host.remove();
});

const volume = "aaperture-staging_pgdata";
const body = (major = "17", cluster = ".") => ({ volume, service: "postgres", data: "postgres", cluster, major });

/** Runs a step of the compose verb before or after a start. */
async function guard(word: "guard_check" | "guard_remember", name = volume): Promise<string> {
  const { code, stderr } = await host.source(staging, `${word} ${name}`);
  return code === 0 ? "ok" : stderr;
}

async function start(cluster: bigint): Promise<void> {
  await deployer.apply(body());
  expect(await guard("guard_check")).toBe("ok");
  host.engine.fillVolume(volume, cluster);
  expect(await guard("guard_remember")).toBe("ok");
}

async function fact(): Promise<unknown> {
  const found = await session.observe(`want volume ${volume}`, `want cluster ${volume} .`);
  return found.filter(({ fact: name }) => name === "volume");
}

/** The file to remove, by its path on a real server, as the runner names it. */
const memory = () => join(host.state, "data-1", `aaperture@staging@${volume}`);
const help = () =>
  `restore the volume and run again, or remove '${memory()}' on the server, ` +
  "which makes slipway forget that data: the next run takes what is there, " +
  "and starts with an empty volume if there is none\n";

describe("the guard of data", { timeout: 60_000 }, () => {
  it("makes a volume without a memory, and remembers the cluster after the first start", async () => {
    expect(await deployer.apply(body())).toBe("applied");
    expect(host.engine.volumes).toEqual([volume]);
    expect(await guard("guard_remember")).toContain("holds no Postgres cluster at '.' though 'postgres' is healthy");
    host.engine.fillVolume(volume, 7_412_345_678_901_234_567n);
    expect(await guard("guard_remember")).toBe("ok");
    expect(await fact()).toEqual([
      {
        fact: "volume",
        volume,
        exists: true,
        cluster: "7412345678901234567",
        major: "17",
        remembered: { service: "postgres", cluster: "7412345678901234567", machine: host.machine },
        owner: "",
      },
    ]);
    expect(await deployer.apply(body(), true)).toBe("unchanged");
  });

  it("waits for an engine that restarts, and considers no volume gone meanwhile (F25)", async () => {
    await start(7n);
    host.engine.stop();
    const { code, stderr } = await host.source(staging, `${host.engine.returnsWhenAwaited}\nguard_check ${volume}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("rejects a volume that is gone, empty or another cluster's, and initialises nothing over it (F45)", async () => {
    await start(18_000_000_000_000_000_001n);
    host.engine.emptyVolume(volume);
    const empty =
      `volume: volume '${volume}' is empty, which held Postgres cluster 18000000000000000001 (document 1.a); ` + help();
    expect(await guard("guard_check")).toBe(empty);
    expect(await deployer.apply(body(), true)).toContain(empty);
    host.engine.fillVolume(volume, 5n);
    expect(await guard("guard_check")).toContain("holds another Postgres cluster, 5 instead of 18000000000000000001");
    host.engine.removeVolume(volume);
    expect(await guard("guard_check")).toContain(`volume '${volume}' is gone, which held data`);
    expect(await deployer.apply(body(), true)).toContain("is gone, which held data");
    expect(host.engine.volumes).toEqual([]);
  });

  it("keeps volume and memory when it is deleted, so that the next deploy finds or misses its data", async () => {
    await start(6n);
    await session.end();
    expect(await deployer.delete(body())).toBe("deleted");
    expect(host.engine.volumes).toEqual([volume]);
    session = await host.session(staging, "two");
    host.engine.emptyVolume(volume);
    expect(await deployer.apply(body())).toContain("is empty, which held Postgres cluster 6");
  });

  it("remembers each volume of a service, so that one with two starts again", async () => {
    const dumps = "aaperture-staging_dumps";
    const files = new Deployer(host, "volume", staging, "volume-dumps");
    await start(6n);
    expect(await files.apply({ volume: dumps, service: "postgres", data: "files" })).toBe("applied");
    expect(await guard("guard_remember", dumps)).toBe("ok");
    expect(await guard("guard_check", dumps)).toBe("ok");
    expect(await guard("guard_check")).toBe("ok");
    host.engine.removeVolume(dumps);
    expect(await guard("guard_check", dumps)).toContain(`volume '${dumps}' is gone, which held data`);
    expect(await guard("guard_check")).toBe("ok");
  });

  it("rejects an empty volume beside the one with the service's cluster, and does not make it (F45)", async () => {
    await start(6n);
    const beside = "aaperture-staging_data";
    const renamed = new Deployer(host, "volume", staging, "volume-data");
    expect(await renamed.apply({ ...body(), volume: beside })).toContain(
      `volume '${beside}' is not where the Postgres cluster of 'postgres' is, ` +
        `which is volume '${volume}' (document 1.a); name that volume again, ` +
        `or remove '${memory()}' on the server, which makes slipway forget that data: ` +
        `the next run takes what is there, and starts with an empty volume if there is none\n`,
    );
    expect(host.engine.volumes).toEqual([volume]);
    rmSync(memory());
    expect(await renamed.apply({ ...body(), volume: beside }, true)).toBe("applied");
  });

  it("keeps its volume when the service has a new name, and remembers that", async () => {
    await start(6n);
    const renamed = { ...body(), service: "database" };
    expect(await deployer.apply(renamed)).toBe("applied");
    expect(await guard("guard_remember")).toBe("ok");
    const remembered = expect.objectContaining({ service: "database", cluster: "6" }) as unknown;
    expect(await fact()).toEqual([expect.objectContaining({ volume, remembered })]);
  });

  it("reports the memory of volumes that are no longer in the stack, too", async () => {
    await start(6n);
    const found = (await session.observe("want volume other")).filter(({ fact: name }) => name === "volume");
    const remembered = expect.objectContaining({ service: "postgres", cluster: "6" }) as unknown;
    expect(found).toHaveLength(2);
    expect(found).toContainEqual(expect.objectContaining({ volume: "other", exists: false, remembered: null }));
    expect(found).toContainEqual(expect.objectContaining({ volume, exists: true, remembered }));
  });

  it("rejects another machine than the one with the data (F12)", async () => {
    await start(6n);
    const file = join(host.state, "data-1", `aaperture@staging@${volume}`);
    writeFileSync(file, readFileSync(file, "utf8").replace(/machine .*/, "machine 0123"));
    expect(await guard("guard_check")).toContain("was remembered on machine 0123, and this is");
  });

  it("rejects another major than the volume's (F46)", async () => {
    await start(6n);
    expect(await deployer.apply(body("18"))).toContain(
      `volume '${volume}' was made by Postgres 17, which version 18 cannot start on (document 2.a); ` +
        `upgrade the data first (dump and restore into a new volume), or keep the major\n`,
    );
  });

  it("rejects a volume with another stack's data (F83)", async () => {
    await start(6n);
    await session.end();
    const other = new Deployer(host, "volume", "aaperture/production", "volume-postgres");
    session = await host.session("aaperture/production", "two");
    expect(await other.apply(body())).toContain(
      `volume '${volume}' holds the data of 'aaperture/staging' (document 1.a); choose another project, ` +
        `or remove '${memory()}' on the server, which makes slipway forget that data: ` +
        `this stack then takes what is there\n`,
    );
    expect(await fact()).toEqual([expect.objectContaining({ remembered: null, owner: staging })]);
    expect(readdirSync(join(host.state, "data-1"))).toEqual([`aaperture@staging@${volume}`]);
  });

  it("rejects a memory that cannot be read", async () => {
    await start(6n);
    writeFileSync(join(host.state, "data-1", `aaperture@staging@${volume}`), "slipway data 1\nvolu");
    expect(await guard("guard_check")).toContain("cannot be read, so it is not known what data this server held");
    expect(outcome(await host.verb(staging, "volume", "apply", ""))).toContain("document:");
  });
});
