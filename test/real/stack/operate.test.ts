import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Ended } from "../../../process/child.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { writeSmallApplication } from "./small-stack.ts";

const long = 600_000;
const directory = "/var/www/aaperture-staging";
let opened: AapertureServer;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  await deploy("1.0.0", "2026-11-01");
  await deploy("1.1.0", "2026-11-02");
}, long);
afterAll(() => opened.close());

const commits: Readonly<Record<string, string>> = { "1.0.0": "a".repeat(40), "1.1.0": "b".repeat(40) };

/** A version that is built again is another release, which no hold names. */
const images: Record<string, string> = {};

/** Writes the release document of a version, as its build job did. */
async function write(version: string, schema: string): Promise<void> {
  const web = (images[version] ??= (await opened.started.buildAppRelease({ version })).image);
  writeSmallApplication(opened, {
    compose: { services: { web: { build: ".", ports: ["8080:8080"] } } },
    services: { web: { release: true, health: "/health" } },
    ports: { web: 18080 },
    keys: {
      warm: "running",
      watch: "1 second",
      gate: { answers: 3, window: "1 second", interval: "100 milliseconds" },
    },
    release: { version, commit: commits[version], schema, images: { web } },
  });
}

async function deploy(version: string, schema: string): Promise<void> {
  await write(version, schema);
  await opened.aaperture.succeed("up", "staging", opened.server);
}

const slipway = (...words: string[]): Promise<Ended> => opened.aaperture.slipway(words, "staging", opened.server);
const served = () => opened.on("curl --silent --fail --max-time 5 http://127.0.0.1:18080/version");
const containers = () => opened.on("docker ps --quiet --no-trunc | sort");

const statusSchema = z.object({
  stacks: z.array(
    z.object({
      well: z.boolean(),
      serves: z.object({ release: z.string(), commit: z.string(), colour: z.string() }),
      other: z.object({ release: z.string(), state: z.string(), running: z.boolean() }).optional(),
      goBack: z.object({ command: z.string(), release: z.string() }).optional(),
      held: z.array(z.object({ release: z.string(), by: z.string(), why: z.string() })),
      runs: z.array(z.object({ verdict: z.string(), release: z.string() })),
    }),
  ),
});

async function statusJson() {
  const { code, stdout, stderr } = await slipway("status", "--json");
  const [stack] = statusSchema.parse(JSON.parse(stdout)).stacks;
  if (stack === undefined) throw new Error(stderr);
  return { code, ...stack };
}

/** Asks for answers without a pause while something is done; each line is a status and the release that answered. */
async function underLoad(act: () => Promise<unknown>): Promise<string[]> {
  const one = "curl --silent --max-time 5 -o /dev/null -w '%{http_code} %header{x-slipway-release}\\n'";
  await opened.on("rm -f /run/end-of-load /run/answers");
  const load = opened.on(
    `until [[ -e /run/end-of-load ]]; do ${one} http://127.0.0.1:18080/ || true; done >/run/answers`,
  );
  await act();
  await opened.on("touch /run/end-of-load");
  await load;
  return (await opened.on("cat /run/answers")).split("\n");
}

describe("an operator at night", () => {
  test("D9: sees what runs, with its commit, and the command that goes back (E5)", async () => {
    const { code, stdout, stderr } = await slipway("status");
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/serves +1\.1\.0 \(bbbbbbbbbbbb\) in green since /);
    expect(stdout).toMatch(/warm +1\.0\.0 \(aaaaaaaaaaaa\) in blue, running/);
    expect(stdout).toMatch(/go back +slipway switch-back --stack staging {2}\(to 1\.0\.0 \(aaaaaaaaaaaa\)\)/);
    const goBack = { command: "slipway switch-back --stack staging", release: "1.0.0", commit: commits["1.0.0"] };
    expect(await opened.aaperture.output("staging", "goBack")).toEqual({ main: goBack });
    expect(await opened.aaperture.output("staging", "live")).toMatchObject({ main: { commit: commits["1.1.0"] } });
  });

  test(
    "E5: switches back without a failed request, and the release that is left is held (C6)",
    async () => {
      let ended: Ended | undefined;
      const answers = await underLoad(async () => (ended = await slipway("switch-back", "--why", "orders fail")));
      expect(ended?.code, `${ended?.stdout ?? ""}${ended?.stderr ?? ""}`).toBe(0);
      expect(new Set(answers)).toEqual(new Set(["200 1.1.0", "200 1.0.0"]));
      expect(await served()).toContain("1.0.0");
      const { code, serves, held, goBack, runs, well } = await statusJson();
      expect({ code, well, serves: serves.release, goBack }).toEqual({
        code: 5,
        well: false,
        serves: "1.0.0",
        goBack: undefined,
      });
      expect(held).toMatchObject([{ release: "1.1.0", by: "hand", why: "orders fail" }]);
      expect(runs[0]).toEqual({ verdict: "switched back", release: "1.0.0" });
    },
    long,
  );

  test("E6: reads in state.json which colour serves; what somebody writes there changes nothing", async () => {
    const file = `${directory}/state.json`;
    expect(JSON.parse(await opened.on(`cat ${file}`))).toMatchObject({
      ...{ active_stack: "blue", inactive_stack: "green", rollback_available: false },
      ...{ last_deployment: expect.stringMatching(/^2\d{3}-/) as unknown, last_deployment_commit: commits["1.0.0"] },
    });
    await opened.on(`sed -i 's/blue/violet/' ${file}`);
    expect((await statusJson()).serves).toMatchObject({ release: "1.0.0", colour: "blue" });
  });

  test(
    "finds that drift is silent and that `up` without a release document changes nothing then",
    async () => {
      rmSync(join(opened.aaperture.folder, "release.json"));
      const drift = await slipway("drift");
      expect(drift.code, drift.stdout + drift.stderr).toBe(0);
      expect(drift.stdout).not.toContain("state.json");
      const before = await containers();
      const { output } = await opened.aaperture.succeed("up", "staging", opened.server);
      expect(output).toContain("1.0.0 (no release document: the one that was verified last stays)");
      expect(output).toContain("the server is as declared");
      expect(await containers()).toBe(before);
      const again = await opened.aaperture.succeed("up", "staging", opened.server);
      expect(Object.keys(again.events.changes)).toEqual(["same"]);
    },
    long,
  );

  test(
    "cannot deploy the held release before it is resumed, nor go back to it (F59)",
    async () => {
      await write("1.1.0", "2026-11-02");
      const refused = await opened.aaperture.run("up", "staging", opened.server);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.output).toContain("'1.1.0' is held by hand");
      expect(refused.output).toContain("slipway resume 1.1.0");
      const back = await slipway("rollback", "--to", "1.1.0", "--yes");
      expect([back.code, back.stderr]).toEqual([
        1,
        expect.stringMatching(/^--to: cannot go back to 1\.1\.0 of .*held/m),
      ]);
      const resumed = await slipway("resume", "--why", "the queue was full");
      expect(resumed.stdout).toContain("1.1.0 is held no longer");
      await opened.aaperture.succeed("up", "staging", opened.server);
      expect(await served()).toContain("1.1.0");
      expect((await statusJson()).code).toBe(0);
    },
    long,
  );

  test(
    "C6: deploys an earlier release again from its record alone (B5, C2)",
    async () => {
      const { code, stdout, stderr } = await slipway("rollback", "--to", "1.0.0", "--yes");
      expect(code, stdout + stderr).toBe(0);
      expect(stderr).toContain("goes back to 1.0.0 (aaaaaaaaaaaa), verified ");
      expect(stdout).toMatch(/goes back to release 1\.0\.0 \(run [0-9a-f]{12}, verified /);
      expect(await served()).toContain("1.0.0");
      const { serves, runs } = await statusJson();
      expect(serves).toMatchObject({ release: "1.0.0", commit: commits["1.0.0"] });
      expect(runs[0]).toEqual({ verdict: "verified", release: "1.0.0" });
      const list = await slipway("releases");
      expect(list.stdout).toContain("slipway rollback --to 1.1.0");
      expect(list.stdout).toContain("no: it serves already");
    },
    long,
  );

  test(
    "never goes back across a contract, and reads which releases are allowed (F60)",
    async () => {
      await write("2.0.0", "2026-11-03");
      const web = images["2.0.0"];
      const release = { version: "2.0.0", schema: { head: "2026-11-03", contract: true }, images: { web } };
      writeFileSync(join(opened.aaperture.folder, "release.json"), JSON.stringify(release));
      await opened.aaperture.succeed("up", "staging", opened.server);
      const { code, stderr } = await slipway("rollback", "--yes");
      expect(code).toBe(1);
      expect(stderr).toContain("schema '2026-11-03' of release 2.0.0 does not work with earlier releases (contract)");
      expect(stderr).toContain("there is no release to go back to");
      expect((await statusJson()).goBack).toBeUndefined();
      const back = await slipway("switch-back");
      expect([back.code, back.stderr]).toEqual([
        1,
        expect.stringContaining("2.0.0 in green serves on: schema '2026-11-03'"),
      ]);
    },
    long,
  );
});
