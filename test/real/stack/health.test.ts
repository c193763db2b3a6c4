import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../hosts/condition.ts";
import type { TestServer } from "../../hosts/servers.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { fullSeries } from "../series.ts";
import type { Aaperture } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";

const [api, web, postgres] = ["api-blue", "web-blue", "postgres"].map((name) => `aaperture-staging-${name}`) as [
  string,
  string,
  string,
];
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;

beforeAll(async () => {
  opened = await AapertureServer.open(["staging"]);
  ({ server, aaperture } = opened);
  edit("Pulumi.yaml", /(api|web|postgres): {/g, "$1: { boot: 15 seconds,");
  edit("compose.yaml", /(start_period|interval): [0-9]+s/g, "$1: 2s");
  await aaperture.succeed("up", "staging", server);
}, 600_000);

afterAll(() => opened.close());

/** Edits a file of the project. */
function edit(name: string, what: RegExp, by: string): void {
  const file = join(aaperture.folder, name);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(what, by));
}

/** Starts a container again with faults of its application, as one breaks that nobody changed. */
async function become(container: string, faults: Readonly<Record<string, unknown>>): Promise<void> {
  const release = JSON.stringify({ version: "1.0.0", ...faults });
  await opened.on(`echo '${release}' >/tmp/release.json; docker cp /tmp/release.json ${container}:/release.json
    docker restart --time 0 ${container}`);
}

async function untilDockerSays(container: string, health: string): Promise<void> {
  await eventually(`${container} is ${health}`, 120, async () => {
    const found = await opened.on(`docker inspect --format '{{.State.Health.Status}}' ${container}`);
    return found === health || undefined;
  });
}

/** Runs `up`, which changes nothing and must fail: the one error that it tells, and everything that it said. */
async function illUp(): Promise<{ readonly message: string; readonly output: string }> {
  const { exitCode, events, output } = await aaperture.run("up", "staging", server);
  expect(exitCode).not.toBe(0);
  expect(Object.keys(events.changes).filter((change) => change !== "same")).toEqual([]);
  return { message: errorIn(events), output };
}

/** The one error of a run. */
function errorIn(events: PulumiResult["events"]): string {
  const errors = events.messages.filter(({ severity }) => severity === "error").map(({ text }) => text);
  expect(errors).toEqual([expect.stringMatching(/everything was applied, but not everything is healthy:\n/)]);
  expect(errors[0]).not.toContain("    at "); // a stack trace is for defects
  return errors[0] ?? "";
}

const resources = (): string[] =>
  aaperture
    .state("staging")
    .resources.map(({ urn }) => urn)
    .sort();

describe("up without changes (SEC-A5, F136)", () => {
  test("succeeds where everything is well", async () => {
    const { output, events } = await aaperture.succeed("up", "staging", server);
    expect(Object.keys(events.changes)).toEqual(["same"]);
    expect(output).not.toContain("unhealthy; up waits");
  });

  test("fails by name and with logs where the application answers 503; a preview and drift tell it too", async () => {
    await become(api, { unhealthy: true });
    await untilDockerSays(api, "unhealthy");
    const preview = await aaperture.succeed("preview", "staging", server);
    expect(preview.output).toMatch(/unhealthy; up waits for it, and fails if it stays so:\s+api +is unhealthy in aap/);
    expect(Object.keys(preview.events.changes)).toEqual(["same"]);
    const drift = await aaperture.slipway(["drift"], "staging", server);
    expect(drift.code).toBe(3);
    expect(drift.stdout).toMatch(
      /: everything is as it was applied\n {2}unhealthy: api is unhealthy in aaperture-stag/,
    );
    const { message, output } = await illUp();
    expect(message).toMatch(
      /services\.api: was not healthy within 15 s: it answered 503, .* \(aaperture-staging-blue on main\); its last/,
    );
    expect(output).toContain("aaperture-staging-blue: the last lines of 'api-blue':");
  });

  test.runIf(fullSeries)("fails by slipway up as well, and leaves every resource in the state", async () => {
    const before = resources();
    const { code, stdout, stderr } = await aaperture.slipway(["up", "--yes"], "staging", server);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(
      /everything was applied, but not everything is healthy:\n.*services\.api: was not healthy/,
    );
    expect(resources()).toEqual(before);
  });

  test.runIf(fullSeries)("waits for a service that still starts, and succeeds", async () => {
    await become(api, { bootDelay: "8s" });
    const { events } = await aaperture.succeed("up", "staging", server);
    expect(Object.keys(events.changes)).toEqual(["same"]);
  });

  test.runIf(fullSeries)(
    "fails by name where a shared service is unhealthy, and succeeds when it has recovered",
    async () => {
      await opened.on(`docker exec --user root ${postgres} sh -c 'mv "$(command -v pg_isready)" /tmp/pg_isready'`);
      await untilDockerSays(postgres, "unhealthy");
      const { message } = await illUp();
      await opened.on(`docker exec --user root ${postgres} mv /tmp/pg_isready /usr/local/bin/pg_isready`);
      expect(message).toContain("services.postgres: is unhealthy after 15 s (aaperture-staging on main)");
      await aaperture.succeed("up", "staging", server);
    },
  );

  test.runIf(fullSeries)("fails by name and with logs where a service restarts again and again", async () => {
    await become(web, { crashAfter: "500ms" });
    const { message, output } = await illUp();
    await become(web, {});
    expect(message).toMatch(
      /services\.web: (restarts|is restarting with exit code 1) \(aaperture-staging-blue on main\)/,
    );
    expect(output).toContain("aaperture-staging-blue: the last lines of 'web-blue':");
    await aaperture.succeed("up", "staging", server);
  });
});

test("a run that changes something and ends ill fails, and the next one finds all of it applied (SEC-A5)", async () => {
  await become(api, { unhealthy: true });
  edit("infra/prometheus/prometheus.yml", /$/g, "# changed\n");
  const result = await aaperture.run("up", "staging", server);
  await become(api, {});
  expect(result.exitCode).not.toBe(0);
  expect(errorIn(result.events)).toContain("services.api: ");
  const { events } = await aaperture.succeed("up", "staging", server);
  expect(Object.keys(events.changes)).toEqual(["same"]);
});
