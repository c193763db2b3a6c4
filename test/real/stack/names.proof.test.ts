import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../hosts/condition.ts";
import type { StackName } from "./aaperture.ts";
import { AapertureServer } from "./aaperture-server.ts";

const long = 600_000;

/** What the two stacks have of their own, by A6. */
const stacks = {
  staging: { project: "aaperture-staging", api: 18080, web: 18081, prometheus: 19090, rows: 1 },
  production: { project: "aaperture", api: 8080, web: 8081, prometheus: 9090, rows: 0 },
} as const;
const staging = "aaperture-staging";
const names = ["staging", "production"] as const;
let opened: AapertureServer;

beforeAll(async () => {
  opened = await AapertureServer.open(names);
  const file = join(opened.aaperture.folder, "infra/prometheus/prometheus.yml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/scrape_interval: .*/, "scrape_interval: 1s"));
  await opened.aaperture.pulumi(["config", "set", "warm", "running"], "staging");
  await release("1.0.0");
  for (const stack of names) await opened.aaperture.succeed("up", stack, opened.server);
  await on(`docker exec ${staging}-postgres psql -U aaperture -q -c "INSERT INTO items VALUES ('one')"`);
}, long);

afterAll(() => opened.close());

const on = (script: string): Promise<string> => opened.on(script);

/** Builds a release whose api counts the rows of its database. */
async function release(version: string): Promise<void> {
  const migrations = [{ name: "001_items", sql: "CREATE TABLE items (name text)" }];
  const { image } = await opened.started.buildAppRelease({ version, table: "items", migrations }, "api");
  await opened.aaperture.release(version);
  const file = join(opened.aaperture.folder, "release.json");
  const document = releaseSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  writeFileSync(file, JSON.stringify({ ...document, images: { ...document.images, api: image, migrate: image } }));
}

const releaseSchema = z.looseObject({ images: z.record(z.string(), z.string()) });
const called = z.object({ status: z.number(), body: z.string() });
const whoSchema = z.object({ release: z.string(), environment: z.string(), rows: z.number().optional() });
type Who = z.infer<typeof whoSchema>;

/** The answer to a request from a release service; undefined if it reaches no service. */
async function requestFromWeb(project: string, colour: string, url: string): Promise<Who | undefined> {
  const address = await addressOf(project, `${colour}-web-${colour}`);
  const answer: unknown = JSON.parse(await on(`curl -s 'http://${address}:80/call?url=${encodeURIComponent(url)}'`));
  const parsed = called.safeParse(answer);
  return parsed.success ? whoSchema.parse(JSON.parse(parsed.data.body)) : undefined;
}

function addressOf(project: string, name: string): Promise<string> {
  const where = `{{(index .NetworkSettings.Networks "${project}_default").IPAddress}}`;
  return on(`docker inspect -f '${where}' ${project}-${name}`);
}

const scraped = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.object({ release: z.string() }), value: z.tuple([z.number(), z.coerce.number()]) }),
    ),
  }),
});

/** Counts each release in the last twelve scrapes of prometheus, one a second. */
async function scrapes(port: number): Promise<ReadonlyMap<string, number>> {
  const query = encodeURIComponent("count_over_time(app_requests_total[12s])");
  const { data } = scraped.parse(
    JSON.parse(await on(`curl -s 'http://127.0.0.1:${port}/api/v1/query?query=${query}'`)),
  );
  return new Map(data.result.map(({ metric, value: [, count] }) => [metric.release, count]));
}

/** Waits for several scrapes: names with two addresses are answered in turn, so a single one proves nothing. */
function prometheusSees(stack: StackName, version: string): Promise<true> {
  return eventually(`prometheus of ${stack} sees ${version} alone`, 60, async () => {
    const seen = await scrapes(stacks[stack].prometheus);
    return seen.size === 1 && (seen.get(version) ?? 0) >= 10 ? true : undefined;
  });
}

/** The answer of a published port on the server. */
async function published(port: number): Promise<unknown> {
  return JSON.parse(await on(`curl -s http://127.0.0.1:${port}/`));
}

describe.each(names)("the stack %s beside the other one, as slipway renders it", (environment) => {
  const { project, api, web, rows } = stacks[environment];

  test("answers on its own ports, and its api reads its own database", async () => {
    expect(await published(api)).toMatchObject({ release: "1.0.0", environment, rows });
    expect(await published(web)).toMatchObject({ release: "1.0.0", environment });
  });

  test("lets web call the api of its stack by the name of the service", async () => {
    expect(await requestFromWeb(project, "blue", "http://api:8080/")).toMatchObject({ environment, release: "1.0.0" });
  });

  test("lets prometheus call the api of its stack through the proxy", async () => {
    await prometheusSees(environment, "1.0.0");
  });

  test("reaches nothing of the other stack, neither by name nor by address", async () => {
    const other = stacks[environment === "staging" ? "production" : "staging"].project;
    const address = await addressOf(other, "blue-api-blue");
    for (const name of [`${other}-api-blue`, `${other}-slipway-proxy`, address])
      expect(await requestFromWeb(project, "blue", `http://${name}:8080/`)).toBeUndefined();
  });
});

describe("a second colour, while the first one is kept running as the warm one", () => {
  beforeAll(async () => {
    await release("2.0.0");
    await opened.aaperture.succeed("up", "staging", opened.server);
  }, long);

  test("calls its own services, and the first colour calls its own", async () => {
    for (let round = 0; round < 20; round++) {
      expect(await requestFromWeb(staging, "green", "http://api:8080/")).toMatchObject({ release: "2.0.0" });
      expect(await requestFromWeb(staging, "blue", "http://api:8080/")).toMatchObject({ release: "1.0.0" });
    }
  });

  test("has the traffic of the ports and of prometheus alone", async () => {
    const { api, web } = stacks.staging;
    for (let round = 0; round < 10; round++) {
      expect(await published(api)).toMatchObject({ release: "2.0.0", environment: "staging" });
      expect(await published(web)).toMatchObject({ release: "2.0.0" });
    }
    await prometheusSees("staging", "2.0.0");
    await prometheusSees("production", "1.0.0");
  });

  test("serves on without the first colour's containers", async () => {
    await on(`docker rm --force ${staging}-api-blue ${staging}-web-blue`);
    expect(await requestFromWeb(staging, "green", "http://api:8080/")).toMatchObject({ release: "2.0.0" });
    expect(await published(stacks.staging.api)).toMatchObject({ release: "2.0.0", environment: "staging" });
  });
});

test("a container cannot see a file that replaced a mounted one until it restarts", async () => {
  const path = `/var/www/${staging}/infra/prometheus/prometheus.yml`;
  await on(`{ cat ${path}; echo '# repaired'; } >${path}.new && mv ${path}.new ${path}`);
  const seen = () => on(`docker exec ${staging}-prometheus tail -n 1 /etc/prometheus/prometheus.yml`);
  expect(await seen()).not.toBe("# repaired");
  await on(`docker restart ${staging}-prometheus`);
  expect(await seen()).toBe("# repaired");
});
