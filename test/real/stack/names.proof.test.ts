import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../hosts/condition.ts";
import { startServers, type TestServer, type TestServers } from "../../hosts/servers.ts";
import { fixture, production, staging, type FixtureFile, type FixtureStack } from "../fixtures/aaperture.ts";

let hosts: TestServers;
let server: TestServer;
let images: Readonly<Record<string, string>>;
const releases: Record<string, string> = {};

beforeAll(async () => {
  hosts = await startServers(1);
  [server] = hosts.servers as [TestServer];
  for (const version of ["1.0.0", "2.0.0"]) {
    releases[version] = (await hosts.buildAppRelease({ version, table: "items" })).image;
    releases[`web-${version}`] = (await hosts.buildAppRelease({ version }, "web")).image;
  }
  images = {
    "image:postgres": await byDigest("library/postgres", "17-alpine"),
    "image:prometheus": await byDigest("prom/prometheus", "latest"),
    "image:proxy": await byDigest("library/traefik", "v3"),
  };
  for (const stack of [staging, production]) await startStack(stack);
  return () => hosts.stop();
}, 400_000);

async function byDigest(repository: string, tag: string): Promise<string> {
  return `${hosts.registry.address}/${repository}@${await hosts.registry.digest(repository, tag)}`;
}

async function on(command: string, stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await server.exec(["bash", "-c", command], { stdin });
  if (code !== 0) throw new Error(`${command}: ended with ${code}: ${stderr}`);
  return stdout.trim();
}

/** Writes a file as slipway does: beside its place, then renamed. */
async function replaceFile(path: string, content: string): Promise<void> {
  await on(`mkdir -p "$(dirname ${path})" && cat >${path}.new && mv ${path}.new ${path}`, content);
}

async function compose(stack: FixtureStack, folder: string, words: string): Promise<void> {
  const place = `${stack.directory}${folder}`;
  await on(`cd / && docker compose --env-file ${stack.directory}/.env --file ${place}/compose.yaml ${words}`);
}

const up = "up --detach --wait --quiet-pull";

/** Starts everything of a stack, with its first release in blue. */
async function startStack(stack: FixtureStack): Promise<void> {
  const { directory, project, environment } = stack;
  for (const network of ["data", "edge"]) await on(`docker network create ${project}_${network}`);
  await on(`docker volume create ${project}_pgdata`);
  const database = `POSTGRES_DB="app"\nPOSTGRES_USER="app"\nPOSTGRES_PASSWORD="${environment}"\n`;
  await replaceFile(`${directory}/.env`, `ENVIRONMENT="${environment}"\n${database}`);
  const shared: FixtureFile[] = [
    "compose.yaml",
    "prometheus/prometheus.yml",
    "proxy/compose.yaml",
    "proxy/traefik.yaml",
  ];
  for (const file of shared) await replaceFile(`${directory}/${file}`, fixture(stack, file, images));
  await replaceFile(routes(stack), "");
  await compose(stack, "", up);
  await on(`docker exec -i ${project}-postgres-1 psql -q -U app app`, "CREATE TABLE items (name text)");
  await compose(stack, "/proxy", up);
  await startColour(stack, "blue", "1.0.0");
  await route(stack, "blue", "1.0.0");
}

async function startColour(stack: FixtureStack, colour: string, release: string): Promise<void> {
  const web = { "image:web": releases[`web-${release}`] ?? "", "image:api": releases[release] ?? "" };
  await replaceFile(
    `${stack.directory}/${colour}/compose.yaml`,
    fixture(stack, "colour/compose.yaml", { colour, ...web }),
  );
  await compose(stack, `/${colour}`, up);
}

function routes(stack: FixtureStack): string {
  return `${stack.directory}/proxy/dynamic/routes.yaml`;
}

/** Routes to a colour, and waits until the proxy answers for this generation. */
async function route(stack: FixtureStack, colour: string, release: string): Promise<void> {
  const generation = `${release}-${colour}`;
  await replaceFile(routes(stack), fixture(stack, "proxy/dynamic/routes.yaml", { colour, release, generation }));
  const address = await on(
    `docker inspect -f '{{(index .NetworkSettings.Networks "${stack.project}_data").IPAddress}}' ` +
      `${stack.project}-proxy-proxy-1`,
  );
  await eventually("the proxy answers for the new generation", 20, async () => {
    const { code } = await server.exec(["curl", "-sf", `http://${address}:8099/slipway/${generation}`]);
    return code === 0 ? true : undefined;
  });
}

const called = z.object({ status: z.number(), body: z.string() });
const whoSchema = z.object({ release: z.string(), environment: z.string(), rows: z.number().optional() });

/** The answer to a request from a release service; undefined if it reaches no service. */
async function requestFromWeb(
  stack: FixtureStack,
  colour: string,
  url: string,
): Promise<z.infer<typeof whoSchema> | undefined> {
  const address = await addressOf(stack, `${colour}-web-${colour}`);
  const answer: unknown = JSON.parse(await on(`curl -s 'http://${address}:80/call?url=${encodeURIComponent(url)}'`));
  const parsed = called.safeParse(answer);
  return parsed.success ? whoSchema.parse(JSON.parse(parsed.data.body)) : undefined;
}

function addressOf({ project }: FixtureStack, name: string): Promise<string> {
  const where = `{{(index .NetworkSettings.Networks "${project}_data").IPAddress}}`;
  return on(`docker inspect -f '${where}' ${project}-${name}-1`);
}

const scraped = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.object({ release: z.string() }), value: z.tuple([z.number(), z.coerce.number()]) }),
    ),
  }),
});

/** Counts each release in the last twelve scrapes of prometheus, one a second. */
async function scrapes({ ports }: FixtureStack): Promise<ReadonlyMap<string, number>> {
  const query = encodeURIComponent("count_over_time(app_requests_total[12s])");
  const url = `http://127.0.0.1:${String(ports["prometheus"])}/api/v1/query?query=${query}`;
  const { data } = scraped.parse(JSON.parse(await on(`curl -s '${url}'`)));
  return new Map(data.result.map(({ metric, value: [, count] }) => [metric.release, count]));
}

/** Waits for several scrapes: names with two addresses are answered in turn, so a single one proves nothing. */
function prometheusSees(stack: FixtureStack, release: string): Promise<true> {
  return eventually(`prometheus of ${stack.project} sees ${release} alone`, 40, async () => {
    const seen = await scrapes(stack);
    return seen.size === 1 && (seen.get(release) ?? 0) >= 10 ? true : undefined;
  });
}

/** The answer of the stack's published port on the server. */
async function published({ ports }: FixtureStack, service: string): Promise<unknown> {
  return JSON.parse(await on(`curl -s http://127.0.0.1:${String(ports[service])}/`));
}

describe.each([
  { name: "staging", stack: staging },
  { name: "production", stack: production },
])("the stack $name beside the other one", ({ stack }) => {
  const { environment } = stack;

  test("answers on its own ports, and its api reads its own database", async () => {
    expect(await published(stack, "api")).toMatchObject({ release: "1.0.0", environment, rows: 0 });
    expect(await published(stack, "web")).toMatchObject({ release: "1.0.0", environment });
  });

  test("lets web call the api of its stack by the name of the service", async () => {
    expect(await requestFromWeb(stack, "blue", "http://api:8080/")).toMatchObject({ environment, release: "1.0.0" });
  });

  test("lets prometheus call the api of its stack through the proxy", async () => {
    await prometheusSees(stack, "1.0.0");
  });

  test("reaches nothing of the other stack, neither by name nor by address", async () => {
    const other = stack === staging ? production : staging;
    const address = await addressOf(other, "blue-api-blue");
    const names = [`${other.project}-blue-api-blue-1`, `${other.project}-proxy-proxy-1`, address];
    for (const name of names) expect(await requestFromWeb(stack, "blue", `http://${name}:8080/`)).toBeUndefined();
  });
});

describe("a second colour", () => {
  beforeAll(async () => {
    await startColour(staging, "green", "2.0.0");
  });

  test("calls its own services, while the first colour calls its own and keeps the traffic", async () => {
    for (let round = 0; round < 20; round++) {
      expect(await requestFromWeb(staging, "green", "http://api:8080/")).toMatchObject({ release: "2.0.0" });
      expect(await requestFromWeb(staging, "blue", "http://api:8080/")).toMatchObject({ release: "1.0.0" });
    }
    expect(await published(staging, "api")).toMatchObject({ release: "1.0.0" });
    await prometheusSees(staging, "1.0.0");
  });

  test("gets the traffic of the ports and of prometheus once its routes are renamed into place", async () => {
    await route(staging, "green", "2.0.0");
    expect(await published(staging, "api")).toMatchObject({ release: "2.0.0" });
    expect(await published(staging, "web")).toMatchObject({ release: "2.0.0" });
    await prometheusSees(staging, "2.0.0");
    await prometheusSees(production, "1.0.0");
    await on("docker rm --force aaperture-staging-blue-api-blue-1 aaperture-staging-blue-web-blue-1");
    expect(await requestFromWeb(staging, "green", "http://api:8080/")).toMatchObject({ release: "2.0.0" });
    expect(await published(staging, "api")).toMatchObject({ release: "2.0.0", environment: "staging" });
  });

  test("cannot see a file that replaced a mounted one until its container restarts", async () => {
    const path = `${staging.directory}/prometheus/prometheus.yml`;
    await replaceFile(path, `${await on(`cat ${path}`)}\n# repaired\n`);
    const seen = () => on("docker exec aaperture-staging-prometheus-1 tail -n 1 /etc/prometheus/prometheus.yml");
    expect(await seen()).not.toBe("# repaired");
    await on("docker restart aaperture-staging-prometheus-1");
    expect(await seen()).toBe("# repaired");
  });
});
