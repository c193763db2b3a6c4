import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../hosts/condition.ts";
import type { TestServer } from "../../hosts/servers.ts";
import type { Aaperture, StackName } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";
import { series as samples } from "../series.ts";

const stacks: readonly StackName[] = ["staging", "production"];
let opened: AapertureServer;
let server: TestServer;
let aaperture: Aaperture;

beforeAll(async () => {
  opened = await AapertureServer.open(stacks, { sudo: false, users: { production: "deploy" } });
  ({ server, aaperture } = opened);
});

afterAll(() => opened.close());

/** The answer of a URL on the server itself. */
async function answer(port: number, path: string): Promise<string> {
  const { stdout, stderr } = await server.exec(["curl", "-sS", "--max-time", "10", `http://127.0.0.1:${port}${path}`]);
  return stdout + stderr;
}

async function sql(project: string, statement: string): Promise<string> {
  const words = ["docker", "exec", `${project}-postgres`, "psql", "-U", "aaperture", "-At", "-c", statement];
  const { stdout, stderr } = await server.exec(words);
  return (stdout + stderr).trim();
}

/** The answer to a request that web sends from its container. */
function requestFromWeb(web: number, url: string): Promise<string> {
  return answer(web, `/call?url=${encodeURIComponent(url)}`);
}

const series = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.object({ environment: z.string(), release: z.string() }) })),
  }),
});

/** The apis that prometheus scrapes, once it has seen this release; it asks every fifteen seconds. */
function scrapedApis(prometheus: number, release: string): Promise<{ environment: string; release: string }[]> {
  return eventually(`prometheus sees ${release}`, 60, async () => {
    const found = await answer(prometheus, "/api/v1/query?query=app_requests_total");
    const seen = series.parse(JSON.parse(found)).data.result.map(({ metric }) => metric);
    return seen.some((one) => one.release === release) ? seen : undefined;
  });
}

/** Lists all engine events since a moment, but health checks. */
async function eventsSince(since: string): Promise<string[]> {
  const until = (await server.exec(["date", "+%s.%N"])).stdout.trim();
  const { stdout } = await server.exec(["docker", "events", "--since", since, "--until", until]);
  return stdout.split("\n").filter((line) => line !== "" && !/ exec_(create|start|die)/.test(line));
}

/** Lists every file of the claimed folders with its time, owner, mode and size. */
async function files(): Promise<string> {
  const places = ["/var/www", "/var/lib/slipway"];
  return (await server.exec(["find", ...places, "-printf", "%p %T@ %u %m %s\\n"])).stdout;
}

describe("A6: both stacks on one server (A5)", () => {
  test.each([
    { stack: "staging", user: "root" },
    { stack: "production", user: "deploy" },
  ] as const)("become healthy on an empty server: $stack, deployed as the user $user", async ({ stack }) => {
    const { events } = await aaperture.succeed("up", stack, server);
    expect(Object.keys(events.changes)).toEqual(["create"]);
    // The SDK's own debug lines hold every property in plain text.
    expect(events.text).not.toContain("Registering resource: t=slipway:");
  });

  test("answer with ten services on the ports of A6", async () => {
    for (const [api, web, prometheus, grafana] of [
      [18080, 18081, 19090, 13001],
      [8080, 8081, 9090, 3001],
    ] as const) {
      expect(await answer(api, "/version")).toContain("1.0.0");
      expect(await answer(web, "/version")).toContain("1.0.0");
      expect(await answer(prometheus, "/-/healthy")).toContain("Healthy");
      expect(await answer(grafana, "/api/health")).toContain("ok");
    }
    expect(await sql("aaperture-staging", "select 1")).toBe("1");
    expect(await sql("aaperture", "select 1")).toBe("1");
  });

  test("have outputs that tell what runs, since when, and where", async () => {
    const since: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const live = { colour: "blue", release: "1.0.0", commit: "", since };
    expect(await aaperture.output("staging", "live")).toEqual({ main: live });
    expect(await aaperture.output("production", "hosts")).toMatchObject({
      main: { urls: { api: "http://127.0.0.1:8080" } },
    });
    expect(await aaperture.output("staging", "hosts")).toMatchObject({
      main: { volumes: { pgdata: "aaperture-staging_pgdata" }, ports: { api: { "8080": ["127.0.0.1:18080"] } } },
    });
    expect(await aaperture.output("staging", "subnets")).toEqual({
      main: {
        "aaperture-staging-slipway-proxy": ["10.213.0.0/26"],
        "aaperture-staging_default": ["10.213.0.64/26"],
        "aaperture-staging_default-blue": ["10.213.0.128/26"],
        "aaperture-staging_default-calls": ["10.213.0.192/26"],
        "aaperture-staging_default-green": ["10.213.1.0/26"],
      },
    });
  });

  test("keep the last applied release without a release document", async () => {
    const { events } = await aaperture.withoutRelease(() => aaperture.succeed("preview", "staging", server));
    expect(Object.keys(events.changes)).toEqual(["same"]);
  });

  test.each(samples<StackName>(stacks, ["staging"]))(
    "do not change with a preview of %s, which writes nothing",
    async (stack) => {
      const before = { files: await files(), since: (await server.exec(["date", "+%s.%N"])).stdout.trim() };
      const { events } = await aaperture.succeed("preview", stack, server);
      expect(Object.keys(events.changes)).toEqual(["same"]);
      expect(await files()).toBe(before.files);
      expect(await eventsSince(before.since)).toEqual([]);
    },
  );

  test.each(samples<StackName>(stacks, ["production"]))(
    "do not change with a second up of %s, which leaves no trace",
    async (stack) => {
      const before = { files: await files(), since: (await server.exec(["date", "+%s.%N"])).stdout.trim() };
      const { events } = await aaperture.succeed("up", stack, server);
      expect(Object.keys(events.changes)).toEqual(["same"]);
      expect(await files()).toBe(before.files);
      expect(await eventsSince(before.since)).toEqual([]);
    },
  );
});

describe("the separation of the stacks, and their data", () => {
  test.each([
    { stack: "staging", web: 18081, prometheus: 19090, other: "aaperture" },
    { stack: "production", web: 8081, prometheus: 9090, other: "aaperture-staging" },
  ])("lets web and prometheus of $stack reach their own api, and none of the other stack", async (one) => {
    const { stack, web, prometheus, other } = one;
    expect(await requestFromWeb(web, "http://api:8080/")).toContain(`\\"environment\\":\\"${stack}\\"`);
    const there = `{{(index .NetworkSettings.Networks "${other}_default").IPAddress}}`;
    const address = await opened.on(`docker inspect --format '${there}' ${other}-api-blue`);
    for (const host of [address, `${other}-api-blue`, `${other}-slipway-proxy`]) {
      expect(await requestFromWeb(web, `http://${host}:8080/`)).toContain("error");
    }
    expect(await scrapedApis(prometheus, "1.0.0")).toEqual([{ environment: stack, release: "1.0.0" }]);
  });

  test("lets web and prometheus reach the api of the serving release after a switch", async () => {
    await aaperture.release("2.0.0");
    await aaperture.succeed("up", "staging", server);
    expect(await requestFromWeb(18081, "http://api:8080/version")).toContain("2.0.0");
    expect(await scrapedApis(19090, "2.0.0")).toContainEqual({ environment: "staging", release: "2.0.0" });
    expect(await requestFromWeb(8081, "http://api:8080/version")).toContain("1.0.0");
  }, 600_000);

  test("keeps a row in postgres across up, recreation, and destroy with up", async () => {
    await sql("aaperture-staging", "create table kept (word text); insert into kept values ('row')");
    await server.exec(["docker", "rm", "--force", "aaperture-staging-postgres"]);
    await aaperture.succeed("up", "staging", server);
    expect(await sql("aaperture-staging", "select word from kept")).toBe("row");
    await aaperture.succeed("destroy", "staging", server);
    const left = await server.exec(["docker", "ps", "--all", "--format", "{{.Names}}"]);
    expect(left.stdout).not.toContain("aaperture-staging");
    await aaperture.succeed("up", "staging", server);
    expect(await sql("aaperture-staging", "select word from kept")).toBe("row");
  }, 600_000);

  test("keeps secrets out of the state, the output, and the environment of other processes (A1)", async () => {
    const canary = "canary-staging-postgres-2741";
    expect(aaperture.state("staging").text).not.toContain(canary);
    const { output } = await aaperture.run("preview", "staging", server, ["--diff"]);
    expect(output).not.toContain(canary);
  });
});
