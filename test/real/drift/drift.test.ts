import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { assembleDeployment, type LoadedDeployment } from "../../../config/assemble.ts";
import type { Difference, Observation } from "../../../model/facts/observation.ts";
import { hostFacts } from "../../../model/plan/host-facts.ts";
import { changesOf, documentsOf, planDeployment, type HostPlan } from "../../../model/plan/plan.ts";
import { readPrintedPlan, type PrintedPlan } from "../../../model/report/printed-plan.ts";
import { runChild } from "../../../process/child.ts";
import { EarlyConnections } from "../../../remote/early-connections.ts";
import { observe } from "../../../remote/observe.ts";
import type { HostClient } from "../../../remote/host-client.ts";
import { newAttempt } from "../../../remote/run.ts";
import { observationScope } from "../../../model/stack/observation-scope.ts";
import { SlipwayProcess } from "../../cli/slipway-process.ts";
import { makeKey, type KeyFile } from "../../cli/ssh/key-files.ts";
import type { TestServer } from "../../hosts/servers.ts";
import type { Aaperture } from "../stack/aaperture.ts";
import { accessTo } from "../stack/stack-project.ts";
import { AapertureServer } from "../stack/aaperture-server.ts";
import { fullSeries } from "../series.ts";
import { firstCases, secondCases } from "./cases.ts";
import type { DriftCase } from "./drift-case.ts";
import { dataCases, foreignCases } from "./unrepaired-cases.ts";
import { ServerTrace } from "../session/server-trace.ts";
import { mainOf } from "../../model/stack/main-host.ts";

const long = 600_000;
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;
let loaded: LoadedDeployment;
let client: HostClient | undefined;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  ({ server, aaperture } = opened);
  await aaperture.succeed("up", "staging", server);
  loaded = await readDeployment();
}, long);

afterAll(async () => {
  await client?.close();
  await opened.close();
});

const configSchema = z.record(z.string(), z.object({ value: z.string() }));

/** The deployment that the stack declares, as the program of a run reads it. */
async function readDeployment(): Promise<LoadedDeployment> {
  const all = configSchema.parse(JSON.parse(await aaperture.pulumi(["config", "--show-secrets", "--json"], "staging")));
  const own = Object.entries(all).filter(([key]) => key.startsWith("aaperture:"));
  const texts = Object.fromEntries(own.map(([key, { value }]) => [key.replace("aaperture:", ""), value]));
  const source = { project: "aaperture", stack: "staging", root: aaperture.folder, texts };
  return await assembleDeployment({ ...source, environment: accessTo(server) });
}

/** Observes the server as a preview does. */
async function observeServer(): Promise<Observation> {
  const { stack } = loaded;
  if (client !== undefined) return await client.observe(observationScope(stack, mainOf(stack.hosts)));
  const environment = { ...process.env, SSH_AUTH_SOCK: opened.started.agentSocket };
  const ignore = (): undefined => undefined;
  const connections = new EarlyConnections({ stack: stack.name, environment, say: ignore });
  const hosts = await observe(stack, { connections, required: true, warn: ignore });
  const found = mainOf(hosts);
  ({ client } = found);
  if (found.observation === undefined) throw new Error("the server did not answer");
  return found.observation;
}

const planOf = (observation: Observation): HostPlan =>
  mainOf(planDeployment(loaded, { hosts: hostFacts({ main: observation }, {}), newAttempt }).hosts);

/** The differences of an object in a plan of the server, which the plan repairs. */
async function differencesOf(object: string): Promise<readonly Difference[]> {
  const plan = planOf(await observeServer());
  const planned = documentsOf(plan).find((one) => one.object === object);
  return planned === undefined || planned.change.kind === "same" ? [] : planned.drift;
}

async function expectReported({ act, object, where, expected, found }: DriftCase): Promise<void> {
  await opened.on(act);
  const matching = (text: string | RegExp): unknown => (text instanceof RegExp ? expect.stringMatching(text) : text);
  const reported = (await differencesOf(object)).filter((one) => one.where === where);
  expect(reported).toEqual([{ where, expected: matching(expected), found: matching(found) }]);
}

/** Runs `up`, after which an observation finds no differences. */
async function expectRepaired(): Promise<void> {
  await aaperture.succeed("up", "staging", server);
  const plan = planOf(await observeServer());
  expect(changesOf(plan).map(({ document, change }) => ({ resource: document.resource, change }))).toEqual([]);
  for (const port of [18080, 18081]) {
    expect(await opened.on(`curl -sS --max-time 10 http://127.0.0.1:${port}/version`)).toContain("1.0.0");
  }
}

describe("an offline plan with a key that only observes (SEC-A6)", () => {
  let key: KeyFile;
  beforeAll(async () => {
    key = await makeKey(opened.folder, "observer");
    await opened.admitObserver(key.public);
  });

  /** The plan of a merge request's job, which holds that key and no other. */
  async function planByObserver(): Promise<PrintedPlan> {
    const { SERVER_HOST, SERVER_HOST_KEY } = accessTo(server);
    const env = { PATH: process.env["PATH"], HOME: opened.folder, SERVER_HOST, SERVER_HOST_KEY };
    const words = ["-C", aaperture.folder, "--stack", "staging", "plan", "--offline", "--json"];
    const run = new SlipwayProcess(words, { ...env, SSH_OBSERVE_KEY: key.private });
    const { exitCode, stdout, stderr } = await aaperture.withoutRelease(() => run.finished);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const plan = readPrintedPlan(stdout);
    if (plan === undefined) throw new Error(stdout);
    return plan;
  }

  test("shows what was changed by hand, and the rest as it was applied, without a published plan", async () => {
    const name = "aaperture-staging-grafana";
    await opened.on(`docker stop --time 1 ${name}`);
    // The engine may tell of its end a moment later.
    const ends = `docker events --since 5m --until "$(date +%s.%N)" --filter container=${name} --filter event=die`;
    await vi.waitUntil(async () => (await opened.on(ends)) !== "", { timeout: 60_000 });
    const trace = await ServerTrace.begin(server);
    const plan = await planByObserver();
    expect(await trace.changes()).toEqual([]);
    const host = mainOf(plan.hosts);
    expect(host.made).toBe("offline with facts");
    expect(host.drift).toMatchObject([{ resource: "shared", where: name, expected: "running" }]);
    const sent = host.documents.filter(({ change }) => change.kind !== "same");
    expect(sent.map(({ resource, change }) => `${resource} ${change.kind}`)).toEqual(["shared repair"]);
    expect(host.images.filter(({ running, declared }) => running?.[0] === declared)).toHaveLength(5);
    expect(plan.release).toBe("1.0.0");
    expect(plan.unknownVariables).toContain("POSTGRES_PASSWORD");
    await opened.on(`docker start ${name}`);
  });

  test("gets nothing else with that key: no lease, no command, no other stack's facts", async () => {
    const words = server.sshWords().map((word) => word.replace(/^root@/, "slipway-observe@"));
    const own = words.map((word) => (word.startsWith("IdentityAgent=") ? `IdentityFile=${key.file}` : word));
    const ask = (stack: string) =>
      runChild([...own, "-o", "IdentitiesOnly=yes", "--", "id"], {
        stdin: `${`${stack} n0nce12345 `.padEnd(255)}\n{"do":"lease","seconds":1,"run":"r","holder":"h","job":""}\n`,
      });
    const refused = await ask("aaperture/staging");
    expect(refused.stdout).not.toContain("uid=");
    expect(refused.stdout + refused.stderr).toContain("this key only observes, got 'lease'");
    expect(await ask("aaperture/production")).toMatchObject({ code: 64, stdout: "" });
  });
});

describe("things beside the stack (F96)", () => {
  const still: string[] = [];

  test("do not exist on a server that only slipway changed", async () => {
    expect((await observeServer()).remarks).toEqual([]);
  });

  test.each(foreignCases)(
    "are reported as a remark, not as a difference: $what",
    async ({ act, where, found, still: asked }) => {
      await opened.on(act);
      const observation = await observeServer();
      expect(observation.remarks.filter((one) => one.where === where)).toEqual([
        { where, found: expect.stringMatching(found) as unknown },
      ]);
      expect(changesOf(planOf(observation))).toEqual([]);
      still.push(await opened.on(asked));
    },
  );

  describe("a change by hand (F96, F100)", () => {
    test.each(firstCases)("is reported with the expected and the found state: $what", async (one) => {
      await expectReported(one);
    });

    test(
      "is in a preview, which writes nothing",
      async () => {
        const trace = await ServerTrace.begin(server);
        const { output } = await aaperture.succeed("preview", "staging", server);
        expect(firstCases.filter(({ where }) => !output.includes(where)).map(({ where }) => where)).toEqual([]);
        expect(await trace.changes()).toEqual([]);
      },
      long,
    );

    test("is repaired by one up", expectRepaired, long);

    test("stays untouched beside the stack", async () => {
      const found: string[] = [];
      for (const { still: asked } of foreignCases) found.push(await opened.on(asked));
      expect(found).toEqual(still);
      expect((await observeServer()).remarks.map(({ where }) => where).sort()).toEqual(
        foreignCases.map(({ where }) => where).sort(),
      );
    });

    test.runIf(fullSeries).each(secondCases)(
      "is reported with the expected and the found state: $what",
      async (one) => {
        await expectReported(one);
      },
    );

    test.runIf(fullSeries)("is repaired by another up, even the loss of a whole directory", expectRepaired, long);

    test(
      "rejects up while somebody's container has the name of ours, and leaves it (F33, F133)",
      async () => {
        const name = "aaperture-staging-prometheus";
        const identity = `docker inspect --format '{{.Id}} {{.State.StartedAt}}' ${name}`;
        const take = `image=$(docker inspect --format '{{.Image}}' ${name}); docker rm --force ${name} >/dev/null;`;
        const foreign = await opened.on(`${take} docker run --detach --name ${name} $image >/dev/null; ${identity}`);
        const { exitCode, output } = await aaperture.run("up", "staging", server);
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(new RegExp(`'${name}' is a container \\(sha256:\\w+\\) that is not of this stack`));
        expect(await opened.on(identity)).toBe(foreign);
        await opened.on(`docker rm --force ${name}`);
        await expectRepaired();
      },
      long,
    );
  });
});

describe("lost data (F45)", () => {
  test.each(dataCases)(
    "rejects preview and up, with instructions: $what",
    async ({ act, mend, said }) => {
      await opened.on(act);
      const observation = await observeServer();
      expect(() => planOf(observation)).toThrow(said);
      await opened.on(mend);
      const restored = planOf(await observeServer());
      expect(changesOf(restored).map(({ object }) => object)).toEqual([`compose:${loaded.stack.project}`]);
    },
    long,
  );
});
