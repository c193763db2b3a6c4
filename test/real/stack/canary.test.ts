import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runChild } from "../../../process/child.ts";
import type { TestServer } from "../../hosts/servers.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import type { Aaperture } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { formsOf, newCanaries } from "./canaries.ts";
import { makeMigrationLeak } from "../release/leaking-migration.ts";
import { ProcessWatch, type WatchReport } from "../session/process-watch.ts";

const long = 600_000;
/**
 * Two values of this run alone, since other runs share this machine: one is the same in most forms, one differs in
 * each.
 */
const plain = `canary${randomBytes(12).toString("hex")}`;
const odd = `ca"na'ry $&/+\\ ${randomBytes(12).toString("hex")}`;
const rotated = `new"ca'nary $&/+\\ ${randomBytes(12).toString("hex")}`;
const canaries = newCanaries();
const forms = formsOf([plain, odd, rotated, ...Object.values(canaries)]);
const place = "/var/www/aaperture-staging";
const begun = new Date().toISOString();
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;
const said: PulumiResult[] = [];
let watched: WatchReport;

beforeAll(async () => {
  const staging = { POSTGRES_PASSWORD: plain, GOOGLE_CLIENT_SECRET: odd, ...canaries };
  opened = await AapertureServer.open(["staging"], { secrets: { staging, production: {} } });
  ({ server, aaperture } = opened);
  const watch = await ProcessWatch.start(server, forms);
  said.push(await aaperture.succeed("up", "staging", server));
  watched = await watch.stop();
}, long);

afterAll(() => opened.close());

/** Tells if a text holds any form of a secret. Only a name is printed, so that a failure shows no secret. */
function holdsSecret(text: string): boolean {
  return forms.some((form) => text.includes(form));
}

/** Other runs remove their own files meanwhile. */
function fileHoldsSecret(file: string): boolean {
  try {
    return holdsSecret(readFileSync(file, "utf8"));
  } catch {
    return false;
  }
}

/** The output of a script on the server, whose `$patterns` is the list of all forms. */
async function search(script: string): Promise<string[]> {
  const { stdout } = await server.exec(["bash", "-c", `patterns=$(cat); ${script}`], { stdin: forms.join("\n") });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}

/** Files of slipway's own, and of the system's logs, that hold a secret in any form. */
const inSlipway = `grep -rlaFf <(printf '%s\\n' "$patterns") /var/lib/slipway /run/slipway /var/log 2>/dev/null`;

/** Containers in whose logs grep finds something. */
function containersLogging(what: string): Promise<string[]> {
  const each = `docker logs $id 2>&1 | grep -qa ${what} && docker inspect --format '{{.Name}}' $id`;
  return search(`for id in $(docker ps --all --quiet); do ${each}; done`);
}

describe("secrets of a deployed stack (A1, F111, F112)", () => {
  test("are in the containers, without which the following tests prove nothing", async () => {
    const containers = "docker ps --quiet --filter label=com.docker.compose.project=aaperture-staging-blue";
    const script = `docker inspect --format '{{json .Config.Env}}' $(${containers})`;
    const { stdout } = await server.exec(["bash", "-c", script]);
    expect(stdout).toContain(JSON.stringify(`GOOGLE_CLIENT_SECRET=${odd}`));
    expect(stdout).toContain(plain);
    for (const secret of Object.values(canaries)) expect(stdout).toContain(JSON.stringify(secret).slice(1, -1));
  });

  test("are in no command line, and in no environment but the one in which Pulumi passes them to the program", () => {
    expect(watched.sides).toEqual(["runner", "server"]);
    expect(watched.searches).toBeGreaterThan(50);
    expect(watched.hits).toEqual(["runner: environ of the program"]);
  });

  test("are on the server only in env files, readable for root alone", async () => {
    const where =
      "/data /dev/shm /etc /home /opt /root /run/slipway /srv /tmp /usr/local /var/cache /var/lib/slipway " +
      "/var/log /var/tmp /var/www";
    const found = await search(
      `grep -rlaFf <(printf '%s\\n' "$patterns") ${where} 2>/dev/null | xargs -r stat -c '%a %U %n'`,
    );
    expect(found).toEqual([`600 root ${place}/.env`, `600 root ${place}/blue/.env`]);
  });

  test("are in nothing that slipway keeps on the server, which root alone may read", async () => {
    const kept = "cd /var/lib/slipway && find stacks claims -type f -size +0 -printf '%m %u %P\\n'";
    const names = (await search(kept)).map((line) => line.split(" "));
    const below = names.map(([, , path = ""]) => path.replace(/^aaperture@staging\//, ""));
    for (const name of ["journal", "records", "log", "slipway", "aaperture@staging.json"])
      expect(below).toContain(name);
    expect(below.filter((path) => path.startsWith("applied/")).length).toBeGreaterThan(10);
    expect(below.filter((path) => path.startsWith("memory/")).length).toBeGreaterThan(3);
    expect(names.filter(([mode, user]) => user !== "root" || mode !== "600").map(([, , path]) => path)).toEqual([
      "aaperture@staging/slipway", // the start of the program
    ]);
    expect(await search("stat -c '%a %U' /var/lib/slipway /run/slipway")).toEqual(["700 root", "700 root"]);
    expect(await search("find /run/slipway/stacks -type f -size +0")).toEqual([]); // empty files are locks
    expect(await search(inSlipway)).toEqual([]);
  });

  test("are in no container's log", async () => {
    expect(await containersLogging(".")).not.toEqual([]);
    expect(await containersLogging('-Ff <(printf "%s\\n" "$patterns")')).toEqual([]);
  });

  test(
    "are in no output of a preview, its details, its JSON, or up when one of them changes",
    async () => {
      await aaperture.pulumi(
        ["config", "set", "--path", "--secret", "secrets.GOOGLE_CLIENT_SECRET", rotated],
        "staging",
      );
      const diff = await aaperture.succeed("preview", "staging", server, ["--diff"]);
      expect(diff.output).toContain("GOOGLE_CLIENT_SECRET");
      said.push(diff, await aaperture.succeed("preview", "staging", server, ["--json"]));
      said.push(await aaperture.succeed("up", "staging", server, ["--diff"]));
      said.push(await aaperture.succeed("refresh", "staging", server, ["--diff"]));
      expect(said.map(({ output }) => holdsSecret(output))).toEqual([false, false, false, false, false]);
      expect(holdsSecret(await aaperture.pulumi(["stack", "output", "--json"], "staging"))).toBe(false);
      expect(holdsSecret(await aaperture.pulumi(["stack", "export"], "staging"))).toBe(false);
    },
    long,
  );

  test(
    "are in no output of a failed migration that prints them in many forms, nor of plan and drift later (F69)",
    async () => {
      makeMigrationLeak(aaperture.folder, ["POSTGRES_PASSWORD", "GOOGLE_CLIENT_SECRET", ...Object.keys(canaries)]);
      const { exitCode, output } = await aaperture.run("up", "staging", server);
      expect(exitCode).not.toBe(0);
      expect(output).toContain("of release tells-all ended with exit code 3");
      expect(output.match(/R2_CANARY_\d+=\W*\*\*\*/g)?.length).toBeGreaterThan(50);
      expect(holdsSecret(output)).toBe(false);
      expect(await search(inSlipway)).toEqual([]);
      expect(
        await search("grep -c 'R2_CANARY_1=.*\\*\\*\\*' /var/lib/slipway/stacks/aaperture@staging/log"),
      ).not.toEqual(["0"]);
      for (const words of [["plan", "--json"], ["plan", "--markdown"], ["drift"]]) {
        const { stdout, stderr } = await aaperture.slipway(words, "staging", server);
        expect(stdout).toContain("aaperture");
        expect(holdsSecret(stdout + stderr)).toBe(false);
      }
    },
    long,
  );

  test("are in no file of the deploying machine: no state, event log or temporary file", async () => {
    const changed = ["find", aaperture.folder, tmpdir(), "-xdev", "-type", "f", "-newermt", begun, "-size", "-20M"];
    const files = (await runChild(changed)).stdout.split("\n").filter((file) => file !== "");
    const expected = ["state/.pulumi/stacks/aaperture/staging.json", "events-3.json"];
    expect(files).toEqual(expect.arrayContaining(expected.map((name) => join(aaperture.folder, name))));
    expect(files.filter(fileHoldsSecret)).toEqual([]);
    const secrets = Object.keys(canaries).length + 3;
    process.stdout.write(
      `  leaks: ${secrets} secrets in ${forms.length} forms, ${watched.searches} searches of all processes, ` +
        `${files.length} files here: 0 found\n`,
    );
  });
});

test("the search finds every form, in files and logs of the server, and in texts", async () => {
  const planted = Buffer.from(`a longer text around ${odd}, and its end`).toString("base64");
  await server.exec(["sh", "-c", "cat >/var/lib/slipway/planted"], { stdin: planted });
  const where = "/var/lib/slipway";
  expect(await search(`grep -rlaFf <(printf '%s\\n' "$patterns") ${where}`)).toEqual([`${where}/planted`]);
  await server.exec(["rm", "/var/lib/slipway/planted"]);
  const image = "$(docker inspect --format '{{.Config.Image}}' aaperture-staging-postgres)";
  const log = `docker run --interactive --name noisy --entrypoint cat ${image}`;
  await server.exec(["bash", "-c", log], { stdin: JSON.stringify({ odd }) });
  expect(await containersLogging('-Ff <(printf "%s\\n" "$patterns")')).toEqual(["/noisy"]);
  await server.exec(["docker", "rm", "noisy"]);
  expect([JSON.stringify({ odd }), encodeURIComponent(rotated), planted].map(holdsSecret)).toEqual([true, true, true]);
});

test("the watch sees command lines and environments, on this machine and on the server", async () => {
  const canary = randomBytes(16).toString("hex");
  const watch = await ProcessWatch.start(server, [canary]);
  await server.exec(["sh", "-c", "read -r KEPT; export KEPT; sleep 2"], { stdin: `${canary}\n` });
  const words = ["sh", "-c", "sleep 2; true", canary];
  await Promise.all([server.exec(words), runChild(words)]);
  const seen = ["runner: cmdline of sh", "server: cmdline of sh", "server: environ of sleep"];
  expect((await watch.stop()).hits).toEqual(expect.arrayContaining(seen));
});
