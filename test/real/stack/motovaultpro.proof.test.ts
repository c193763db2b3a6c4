import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { median } from "../../../bench/measure.ts";
import { Phases, stageLines } from "../../../bench/phases.ts";
import { underOpenLoop } from "../../hosts/open-loop.ts";
import type { AppRelease } from "../../hosts/servers.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { writeSmallApplication } from "./small-stack.ts";

const long = 600_000;
const state = "/var/lib/slipway/stacks/aaperture@staging";
let opened: AapertureServer;
/** The images of the shared services. */
let shared: Readonly<Record<"postgres" | "redis", string>>;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  const { registry } = opened.started;
  const imageOf = async (name: string, tag: string): Promise<string> =>
    `${registry.address}/${name}@${await registry.digest(name, tag)}`;
  const [postgres, redis] = [await imageOf("library/postgres", "17-alpine"), await imageOf("library/redis", "alpine")];
  shared = { postgres, redis };
  await bring("1.0.0");
}, long);
afterAll(() => opened.close());

/** What differs from a release that is well. */
interface Special {
  readonly frontend?: Omit<AppRelease, "version">;
  readonly backend?: Omit<AppRelease, "version">;
  /** The memory limit of the backend. @default 128 MB */
  readonly memory?: string;
  readonly buildArguments?: object;
}

/** Writes system E: two services in two colours, and a database and a cache that they share. */
async function write(version: string, special: Special = {}): Promise<void> {
  const { frontend, backend, memory = "128 MB", buildArguments } = special;
  const { started } = opened;
  const { image: front } = await started.buildAppRelease({ version, ...frontend }, "mvp/frontend");
  const { image: back } = await started.buildAppRelease({ version, ...backend }, "mvp/backend");
  const built = { release: true, health: "/health", boot: "20 seconds" };
  writeSmallApplication(opened, {
    compose: {
      services: {
        "mvp-frontend": { build: "./frontend", ports: ["8080:8080"] },
        "mvp-backend": { build: "./backend", ports: ["3001:8080"] },
        "mvp-postgres": {
          image: shared.postgres,
          environment: { POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}" },
          volumes: ["postgres:/var/lib/postgresql/data"],
        },
        "mvp-redis": { image: shared.redis },
      },
      volumes: { postgres: {} },
    },
    services: {
      "mvp-frontend": { ...built, memory: "64 MB" },
      "mvp-backend": { ...built, memory },
      "mvp-postgres": { data: { volume: "postgres" }, memory: "256 MB" },
      "mvp-redis": { memory: "64 MB" },
    },
    ports: { "mvp-frontend": "0.0.0.0:18080", "mvp-backend": 13001 },
    keys: {
      ...{ project: "mvp", directory: "/opt/motovaultpro", secrets: { POSTGRES_PASSWORD: "canary-of-mvp-postgres" } },
      ...{ warm: "running", watch: "12 seconds" },
      gate: { answers: 3, window: "1 second", interval: "100 milliseconds" },
    },
    release: { version, images: { "mvp-frontend": front, "mvp-backend": back }, buildArguments },
  });
}

async function bring(version: string, special: Special = {}) {
  await write(version, special);
  return await opened.aaperture.run("up", "staging", opened.server);
}

const url = () => `http://${opened.server.networkAddress}:18080/version`;
const served = () => opened.on("curl -sS --fail --max-time 10 http://127.0.0.1:18080/version");
/** The ids of all containers that run, or of those with a name. */
const running = (name = "") => opened.on(`docker ps --quiet --no-trunc --filter name=${name} | sort`);

const recordSchema = z.object({
  ...{ release: z.string(), verdict: z.string(), critical: z.boolean().optional() },
  phases: z.record(z.string(), z.number()),
  traffic: z.object({ asked: z.number(), failed: z.number(), errors: z.number() }).optional(),
  buildArguments: z.record(z.string(), z.object({ value: z.string(), environment: z.boolean() })),
});

/** The record with which the last run was closed; after a failure the server closes it by itself. */
async function lastRecord() {
  const last = `tail --lines 1 ${state}/records`;
  const line = await opened.on(
    `while ${last} | grep -q '"verdict":"begun"'; do sleep 0.1; done; ${last} | cut -d ' ' -f 3-`,
  );
  return recordSchema.parse(JSON.parse(line));
}

describe("MotoVaultPro, blue-green on one server", () => {
  test("E21: the containers have the names that runbooks use", async () => {
    const names = (await opened.on("docker ps --format '{{.Names}}'")).split("\n").sort();
    const released = ["mvp-backend-blue", "mvp-frontend-blue"];
    expect(names).toEqual([...released, "mvp-postgres", "mvp-redis", "mvp-slipway-proxy"]);
  });

  test(
    "E2: the idle colour starts and becomes healthy while no traffic moves",
    async () => {
      await write("2.0.0", { frontend: { bootDelay: "4s" } });
      const up = opened.aaperture.run("up", "staging", opened.server);
      await opened.on("until docker ps --format '{{.Names}}' | grep -q mvp-frontend-green; do sleep 0.05; done");
      expect(await served()).toBe('"1.0.0"');
      const { exitCode, output } = await up;
      expect(exitCode, output).toBe(0);
      const { phases } = await lastRecord();
      const order = ["images", "prepare", "up", "gate", "switch", "watch"];
      expect(Object.keys(phases).filter((phase) => order.includes(phase))).toEqual(order);
      expect(await served()).toBe('"2.0.0"');
    },
    long,
  );

  test(
    "E3: the switch takes less than five seconds and loses no request",
    async () => {
      await write("3.0.0");
      const moments = new Phases();
      const up = () => opened.aaperture.run("up", "staging", opened.server);
      const [{ exitCode, output }, seen] = await underOpenLoop(url(), up);
      const stages = stageLines([await moments.end(opened.server, "aaperture/staging")], median);
      process.stdout.write(`  the stages of the release beside its guide (E1):\n  ${stages.join("\n  ")}\n`);
      expect(exitCode, output).toBe(0);
      expect(seen.errors).toEqual({});
      expect(Object.keys(seen.releases).sort()).toEqual(["2.0.0", "3.0.0"]);
      const { phases, traffic } = await lastRecord();
      expect(phases["switch"]).toBeLessThan(5);
      expect(traffic).toMatchObject({ failed: 0, errors: 0 });
    },
    long,
  );

  test(
    "E4: a release that answers badly from outside after the switch goes back by itself, and the run fails",
    async () => {
      const { exitCode, output } = await bring("4.0.0", { frontend: { failAfter: "6s" } });
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/4\.0\.0 is unhealthy after the switch: .*answered 500 through the proxy/);
      expect(await served()).toBe('"3.0.0"');
      expect(await lastRecord()).toMatchObject({ release: "4.0.0", verdict: "failed" });
    },
    long,
  );

  test(
    "E18: a release whose container fails during the watch goes back to the previous one, and is held",
    async () => {
      const { exitCode, output } = await bring("5.0.0", { backend: { crashAfter: "7s" } });
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(
        /5\.0\.0 is unhealthy after the switch: .*; 3\.0\.0 in blue serves again, and 5\.0\.0 is held/,
      );
      expect(await served()).toBe('"3.0.0"');
      expect(await lastRecord()).toMatchObject({ release: "5.0.0", verdict: "failed" });
    },
    long,
  );

  test(
    "E12: a release whose two colours do not fit into the memory is refused with the sum before anything starts",
    async () => {
      const before = await running();
      const { exitCode, output } = await bring("6.0.0", { memory: "4096 GB" });
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/memory: the stacks may use \d+ MB of the server at the same time, got \d+ MB/);
      expect(output).toMatch(/\d+ MB {2}next release beside it of aaperture\/staging/);
      expect(await running()).toBe(before);
    },
    long,
  );

  test(
    "E13: if neither colour is healthy, the data services stay up and the last stable release serves, critically",
    async () => {
      const data = (await running("mvp-postgres")) + (await running("mvp-redis"));
      await write("7.0.0", { frontend: { crashAfter: "7s" } });
      const lines = Number(await opened.on(`wc -l < ${state}/journal`));
      const up = opened.aaperture.run("up", "staging", opened.server);
      const journal = `tail -n +${lines + 1} ${state}/journal`;
      await opened.on(`until ${journal} | grep -q '"step":"watch"'; do sleep 0.1; done`);
      await opened.on("docker rm --force mvp-frontend-blue");
      const { exitCode, output } = await up;
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/critical: 3\.0\.0 in blue is unhealthy as well: 'mvp-frontend' has no container/);
      expect(await lastRecord()).toMatchObject({ release: "7.0.0", verdict: "failed", critical: true });
      expect((await running("mvp-postgres")) + (await running("mvp-redis"))).toBe(data);
      expect(await opened.on("curl -sS --fail http://127.0.0.1:13001/version")).toBe('"3.0.0"');
      const again = await bring("3.0.0");
      expect(again.exitCode, again.output).toBe(0);
      expect(await served()).toBe('"3.0.0"');
    },
    long,
  );

  test(
    "E16: what is built into the frontend is in the release document, and in the record of its deployment",
    async () => {
      const buildArguments = {
        VITE_AUTH0_DOMAIN: { value: "mvp.auth0.test", environment: true },
        VITE_AUTH0_CLIENT_ID: "id-of-mvp",
      };
      await write("8.0.0", { buildArguments });
      await opened.aaperture.succeed("up", "staging", opened.server);
      expect((await lastRecord()).buildArguments).toEqual({
        VITE_AUTH0_DOMAIN: { value: "mvp.auth0.test", environment: true },
        VITE_AUTH0_CLIENT_ID: { value: "id-of-mvp", environment: false },
      });
    },
    long,
  );

  test(
    "goes back once when two operators switch back at the same time, and the second is told (F68)",
    async () => {
      const { aaperture, server } = opened;
      const both = ["the cart is empty", "the page is white"].map((why) =>
        aaperture.slipway(["switch-back", "--why", why], "staging", server),
      );
      const ended = (await Promise.all(both)).sort((one, other) => one.code - other.code);
      expect(ended.map(({ code }) => code)).toEqual([0, 1]);
      expect(ended[1]?.stderr).toMatch(/3\.0\.0 in \w+ serves on: 8\.0\.0 in \w+ is held/);
      expect(await served()).toBe('"3.0.0"');
    },
    long,
  );
});
