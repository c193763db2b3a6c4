import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mustRun } from "../../../toolchain/must-run.ts";
import { fullSeries } from "../series.ts";
import { AapertureServer } from "../stack/aaperture-server.ts";

const long = 600_000;
let opened: AapertureServer;
let onServer: readonly string[];

beforeAll(async () => {
  const users = { staging: "deploy", production: "deploy" };
  opened = await AapertureServer.open(["staging"], { local: true, dockerGroup: true, sudo: false, users });
  onServer = opened.aaperture.runner;
  await opened.server.stopSshd();
}, long);
afterAll(() => opened.close());

const on = (script: string): Promise<string> => opened.on(script);
const version = (): Promise<string> => on("curl -sS --max-time 10 http://127.0.0.1:18080/version");
const file = (): string => join(opened.aaperture.folder, "Pulumi.staging.yaml");

const state = "/var/lib/slipway/stacks/aaperture@staging";

/** Kills each process that works in the project's folder, as a runner does that cancels a job. */
const killJob = `for folder in /proc/[0-9]*; do
  [ "$(readlink "$folder/cwd")" != "$(readlink -f "$PROJECT")" ] || kill -9 "\${folder#/proc/}" || true
done`;

const run = (...words: readonly string[]) => opened.aaperture.slipway(words, "staging", opened.server);

async function slipway(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...words);
  if (code !== 0) throw new Error(`slipway ${words.join(" ")} ended with ${code}\n${stdout}${stderr}`);
  return stdout + stderr;
}

describe("E14: slipway on the server itself, as a user who reaches root by slipway-root alone", () => {
  test(
    "deploys without SSH and without a key, and changes nothing the second time",
    async () => {
      await slipway("up", "--yes");
      expect(await version()).toContain("1.0.0");
      expect(await slipway("up", "--yes")).not.toMatch(/created|updated|replaced|deleted/);
      expect(await slipway("status")).toMatch(/serves +1\.0\.0/);
    },
    long,
  );

  test.runIf(fullSeries)(
    "shows logs, and runs commands in containers that are there and in new ones",
    async () => {
      expect(await slipway("logs", "postgres")).toContain("database system is ready to accept connections");
      expect(await slipway("exec", "postgres", "--", "psql", "--version")).toMatch(/^psql \(PostgreSQL\) 17/m);
      expect(await slipway("run", "postgres", "--", "psql", "--version")).toMatch(/^psql \(PostgreSQL\) 17/m);
      expect(await on("docker ps --all --quiet --filter name=-run-")).toBe("");
    },
    long,
  );

  test.runIf(fullSeries)(
    "shows and repairs drift",
    async () => {
      await on("docker rm --force aaperture-staging-prometheus");
      const { code, stdout } = await run("drift");
      expect({ code, stdout }).toMatchObject({ code: 3, stdout: expect.stringContaining("prometheus") as string });
      await slipway("up", "--yes");
      expect((await run("drift")).code).toBe(0);
    },
    long,
  );

  test.runIf(fullSeries)(
    "finishes on the server what a job had begun that is killed with all its processes",
    async () => {
      await opened.aaperture.release("1.1.0");
      const [records, journal] = ["records", "journal"].map((name) => `${state}/${name}`);
      const [closed, steps] = [await on(`wc -l < ${records}`), await on(`wc -l < ${journal}`)];
      const up = run("up", "--yes");
      await on(`until tail -n +$((${steps} + 1)) ${journal} | grep -q '"step":"up"'; do sleep 0.05; done`);
      await on(`PROJECT=${opened.aaperture.folder}\n${killJob}`);
      expect((await up).code).not.toBe(0);
      await slipway("up", "--yes");
      expect(await version()).toContain("1.1.0");
      const verdicts = await on(`tail -n +$((${closed} + 1)) ${records} | grep -o '"verdict":"[a-z]*"'`);
      expect(verdicts.split("\n").filter((line) => !line.includes("begun"))).toHaveLength(2);
    },
    long,
  );

  test.runIf(fullSeries)(
    "moves to SSH and back where both work, and restarts nothing",
    async () => {
      const containers = (): Promise<string> => on("docker ps --quiet --no-trunc | sort");
      const before = await containers();
      await opened.server.startSshd();
      const { code } = await opened.server.exec(["sh", "-c", "umask 077; cat > /home/deploy/key"], {
        user: "deploy",
        stdin: readFileSync(opened.started.privateKeyFile, "utf8"),
      });
      expect(code).toBe(0);
      opened.aaperture.runner = [...onServer, "SSH_PRIVATE_KEY=/home/deploy/key"];
      const local = readFileSync(file(), "utf8");
      for (const text of [local.replace(/^ *connection: local\n/m, ""), local]) {
        writeFileSync(file(), text);
        await slipway("up", "--yes");
        expect(await containers()).toBe(before);
        expect(await slipway("up", "--yes")).not.toMatch(/created|updated|replaced|deleted/);
      }
    },
    long,
  );

  test(
    "refuses to run on any other machine",
    async () => {
      opened.aaperture.runner = [];
      await mustRun(["chown", "-R", "root", opened.aaperture.folder]);
      const { code, stdout, stderr } = await run("up", "--yes");
      expect(code).not.toBe(0);
      expect(stdout + stderr).toMatch(/deploy on this machine cannot be used: it (is not the server|has no host key)/);
    },
    long,
  );
});
