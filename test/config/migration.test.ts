import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digest, lockText, rightStack, TrialRepository } from "./trial-repository.ts";

const composeFile = `
services:
  api:
    image: example/api
    ports: ["\${API_PORT:-8080}:8080"]
    depends_on:
      migrate: { condition: service_completed_successfully }
  migrate:
    image: example/api
    command: [migrate]
    depends_on: [postgres]
    volumes: ["./:/app"]
  seed:
    image: example/seed:1
    command: [seed]
  postgres:
    image: ${digest("postgres:17")}
    volumes: ["pgdata:/var/lib/postgresql/data"]
volumes:
  pgdata:
`;

const { services, ports } = rightStack;
const migration = { service: "migrate" };
const serves = "belongs to a migration, which runs once for each release and serves no requests; remove it";
const dropping = { services: { ...services, migrate: { drop: ["/app"] } } };

describe("a stack's migration", () => {
  let trial: TrialRepository;
  beforeAll(() => {
    trial = new TrialRepository();
    trial.write("compose.yaml", composeFile);
    trial.write("release.json", JSON.stringify({ version: "1", images: { api: digest("example/api") } }));
    trial.write("slipway.lock", lockText("example/seed:1"));
  });
  afterAll(() => trial.remove());

  it("is taken out of the services, with the stack's settings for it", async () => {
    const { deployment } = await trial.load({ ...dropping, migration });
    expect(Object.keys(deployment.application.services)).toEqual(["api", "seed", "postgres"]);
    expect(deployment.migrations).toMatchObject([
      { service: { name: "migrate", image: "example/api" }, settings: { drop: ["/app"] }, deadline: 600 },
    ]);
    const slow = await trial.load({ ...dropping, migration: { ...migration, deadline: "2 hours" } });
    expect(slow.deployment.migrations[0]?.deadline).toBe(7200);
  });

  it("may be several, each a service with its own settings", async () => {
    const several = { service: ["migrate", "seed"], deadline: "1 minute" };
    const { deployment } = await trial.load({ ...dropping, migration: several });
    expect(Object.keys(deployment.application.services)).toEqual(["api", "postgres"]);
    expect(
      deployment.migrations.map(({ service, settings, deadline }) => [service.name, settings.drop, deadline]),
    ).toEqual([
      ["migrate", ["/app"], 60],
      ["seed", [], 60],
    ]);
  });

  it.each<[string, object, ...string[]]>([
    [
      "several of which one is not there",
      { migration: { service: ["migrate", "sed"] }, ...dropping },
      "migration.service: is not a service of compose.yaml, got 'sed'; did you mean 'seed'",
    ],
    [
      "one that is named twice",
      { migration: { service: ["migrate", "migrate"] } },
      'migration.service: is not the name of a service and no list of different ones, got ["migrate","migrate"]; ' +
        "write one such as migrate",
    ],
    [
      "a service that is not there",
      { migration: { service: "migrates" }, ...dropping },
      "migration.service: is not a service of compose.yaml, got 'migrates'; did you mean 'migrate'",
    ],
    [
      "no service",
      { migration: {} },
      "migration.service: is missing; set it with `pulumi config set --path migration.service …`",
    ],
    [
      "a service that is published, answers requests, is probed, or has data",
      {
        migration,
        services: {
          ...services,
          migrate: { release: true, port: 80, health: { path: "/" }, data: { volume: "pgdata" }, drop: ["/app"] },
        },
        ports: { ...ports, migrate: 1234 },
      },
      `ports.migrate: ${serves}`,
      `services.migrate.data: ${serves}`,
      "services.migrate.health: is never asked of a job, got '/'; remove it: a job is healthy if it exits with 0",
      `services.migrate.port: ${serves}`,
    ],
  ])("rejects %s", async (_, changes, ...said) => {
    const problems = await trial.problems({ ...changes });
    expect(problems.filter((problem) => /^(migration|ports|services)\./.test(problem))).toEqual(said);
  });

  it("has the image of the lock if it is not built, unless the stack says that it comes with the release", async () => {
    const stack = { ...dropping, migration: { service: ["migrate", "seed"] } };
    const seedOf = async (keys: object): Promise<string | undefined> =>
      (await trial.load({ ...keys })).stack.services.find(({ name }) => name === "seed")?.image;
    expect(await seedOf(stack)).toBe(digest("example/seed:1"));
    const seed = digest("registry.test/seed");
    trial.write("release.json", JSON.stringify({ version: "1", images: { api: digest("example/api"), seed } }));
    expect(await trial.problems(stack)).toEqual([
      "release.json: images.seed: does not come with a release: slipway.lock has the digest of its tag; " +
        "leave it out, or set services.seed.release if it comes with each release",
    ]);
    expect(await seedOf({ ...stack, services: { ...stack.services, seed: { release: true } } })).toBe(seed);
  });
});
