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
import { letMigrationTell } from "../release/telling-migration.ts";
import { ProcessWatch, type WatchReport } from "../session/process-watch.ts";

const long = 600_000;
/** One value that looks alike in most forms, and one that looks different in each; of this run alone, since others share this machine. */
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

/** Whether any form of a secret stands in a text; only its name is told, so that a failure prints no secret. */
function tells(text: string): boolean {
  return forms.some((form) => text.includes(form));
}

/** Other runs take their own files away meanwhile. */
function fileTells(file: string): boolean {
  try {
    return tells(readFileSync(file, "utf8"));
  } catch {
    return false;
  }
}

/** What a script prints on the server with `$patterns` as its list of all forms. */
async function search(script: string): Promise<string[]> {
  const { stdout } = await server.exec(["bash", "-c", `patterns=$(cat); ${script}`], { stdin: forms.join("\n") });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}

/** The containers in whose logs grep finds something. */
function loggers(what: string): Promise<string[]> {
  const each = `docker logs $id 2>&1 | grep -qa ${what} && docker inspect --format '{{.Name}}' $id`;
  return search(`for id in $(docker ps --all --quiet); do ${each}; done`);
}

describe("secrets of a deployed stack (A1, F111, F112)", () => {
  test("are in the containers, or nothing below would prove anything", async () => {
    const containers = "docker ps --quiet --filter label=com.docker.compose.project=aaperture-staging-blue";
    const script = `docker inspect --format '{{json .Config.Env}}' $(${containers})`;
    const { stdout } = await server.exec(["bash", "-c", script]);
    expect(stdout).toContain(JSON.stringify(`GOOGLE_CLIENT_SECRET=${odd}`));
    expect(stdout).toContain(plain);
    for (const secret of Object.values(canaries)) expect(stdout).toContain(JSON.stringify(secret).slice(1, -1));
  });

  test("are in no process's words, and in no environment but that in which Pulumi gives them to the program", () => {
    expect(watched.sides).toEqual(["runner", "server"]);
    expect(watched.looks).toBeGreaterThan(50);
    expect(watched.hits).toEqual(["runner: environ of the program"]);
  });

  test("are on the server in env files that root alone may read, and in no other file", async () => {
    const where =
      "/data /dev/shm /etc /home /opt /root /run/slipway /srv /tmp /usr/local /var/cache /var/lib/slipway /var/log /var/tmp /var/www";
    const found = await search(
      `grep -rlaFf <(printf '%s\\n' "$patterns") ${where} 2>/dev/null | xargs -r stat -c '%a %U %n'`,
    );
    expect(found).toEqual([`600 root ${place}/.env`, `600 root ${place}/blue/.env`]);
  });

  test("are in no log of a container", async () => {
    expect(await loggers(".")).not.toEqual([]);
    expect(await loggers('-Ff <(printf "%s\\n" "$patterns")')).toEqual([]);
  });

  test(
    "are not told when one of them changes, by preview, its details, its JSON, or up",
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
      expect(said.map(({ output }) => tells(output))).toEqual([false, false, false, false, false]);
      expect(tells(await aaperture.pulumi(["stack", "output", "--json"], "staging"))).toBe(false);
      expect(tells(await aaperture.pulumi(["stack", "export"], "staging"))).toBe(false);
    },
    long,
  );

  test(
    "are not told by a migration that fails and prints them, raw, quoted and encoded, nor by plan and drift after it (F69)",
    async () => {
      letMigrationTell(aaperture.folder, ["POSTGRES_PASSWORD", "GOOGLE_CLIENT_SECRET", ...Object.keys(canaries)]);
      const { exitCode, output } = await aaperture.run("up", "staging", server);
      expect(exitCode).not.toBe(0);
      expect(output).toContain("of release tells-all ended with exit code 3");
      expect(output.match(/R2_CANARY_\d+=\W*\*\*\*/g)?.length).toBeGreaterThan(50);
      expect(tells(output)).toBe(false);
      for (const words of [["plan", "--json"], ["plan", "--markdown"], ["drift"]]) {
        const { stdout, stderr } = await aaperture.slipway(words, "staging", server);
        expect(stdout).toContain("aaperture");
        expect(tells(stdout + stderr)).toBe(false);
      }
    },
    long,
  );

  test("are in no file of the machine that deployed: not in the state, the engine's event logs, and what is temporary", async () => {
    const changed = ["find", aaperture.folder, tmpdir(), "-xdev", "-type", "f", "-newermt", begun, "-size", "-20M"];
    const files = (await runChild(changed)).stdout.split("\n").filter((file) => file !== "");
    const expected = ["state/.pulumi/stacks/aaperture/staging.json", "events-3.json"];
    expect(files).toEqual(expect.arrayContaining(expected.map((name) => join(aaperture.folder, name))));
    expect(files.filter(fileTells)).toEqual([]);
    const secrets = Object.keys(canaries).length + 3;
    process.stdout.write(
      `  leaks: ${secrets} secrets in ${forms.length} forms, ${watched.looks} looks at all processes, ${files.length} files here: 0 found\n`,
    );
  });
});

test("the search finds every form, in files and logs of the server and in texts", async () => {
  const planted = Buffer.from(`a longer text around ${odd}, and its end`).toString("base64");
  await server.exec(["sh", "-c", "cat >/var/lib/slipway/planted"], { stdin: planted });
  const where = "/var/lib/slipway";
  expect(await search(`grep -rlaFf <(printf '%s\\n' "$patterns") ${where}`)).toEqual([`${where}/planted`]);
  await server.exec(["rm", "/var/lib/slipway/planted"]);
  const image = "$(docker inspect --format '{{.Config.Image}}' aaperture-staging-postgres-1)";
  const log = `docker run --interactive --name noisy --entrypoint cat ${image}`;
  await server.exec(["bash", "-c", log], { stdin: JSON.stringify({ odd }) });
  expect(await loggers('-Ff <(printf "%s\\n" "$patterns")')).toEqual(["/noisy"]);
  await server.exec(["docker", "rm", "noisy"]);
  expect([JSON.stringify({ odd }), encodeURIComponent(rotated), planted].map(tells)).toEqual([true, true, true]);
});

test("the watch sees words and environments, here and on the server", async () => {
  const canary = randomBytes(16).toString("hex");
  const watch = await ProcessWatch.start(server, [canary]);
  await server.exec(["sh", "-c", "read -r KEPT; export KEPT; sleep 2"], { stdin: `${canary}\n` });
  const words = ["sh", "-c", "sleep 2; true", canary];
  await Promise.all([server.exec(words), runChild(words)]);
  const seen = ["runner: cmdline of sh", "server: cmdline of sh", "server: environ of sleep"];
  expect((await watch.stop()).hits).toEqual(expect.arrayContaining(seen));
});
