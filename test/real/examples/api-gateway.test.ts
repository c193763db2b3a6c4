import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordSchema, type RunRecord } from "../../../model/facts/release/release.ts";
import { releaseSchema } from "../../../model/stack/release.ts";
import { mustRun } from "../../../toolchain/must-run.ts";
import type { AppRelease } from "../../hosts/servers.ts";
import { fullSeries } from "../series.ts";
import { ExampleProject } from "./example-project.ts";

const long = 600_000;
const canary = "canary-of-api-gateway-1234567890-abcdefgh";
const migrations = [{ name: "0001_routes", sql: "CREATE TABLE routes (id int)" }];
let project: ExampleProject;
/** The output of the pipeline of the first push. */
let pushed = "";

/** Stand-ins for the team's sources, with a stage for developers, one to deploy, and one that migrates. */
function sources(release: AppRelease): Readonly<Record<string, string>> {
  const common = ["ARG GIT_SHA", "COPY src/app.json /release.json"];
  return {
    "src/app.json": JSON.stringify({ table: "routes", migrations, ...release }),
    Dockerfile: [
      ...["FROM registry.test:5000/app:base AS base"],
      ...["FROM base AS dev", 'LABEL stage="dev"', ...common],
      ...["FROM base AS migrate", ...common],
      ...["FROM base AS prod", 'LABEL stage="prod"', ...common, ""],
    ].join("\n"),
  };
}

beforeAll(async () => {
  const both = (value: string) => ({ staging: value, production: value });
  project = await ExampleProject.open({
    name: "api-gateway",
    stacks: ["staging", "production"],
    sources: sources({ version: "1.0.0" }),
    images: {
      "postgres:17-alpine": ["library/postgres", "17-alpine"],
      "traefik:v3.6": ["library/traefik", "v3"],
    },
    variables: ({ server, key }) => ({
      ...{ SERVER_HOST: both(server.networkAddress), SERVER_USER: both("root"), SSH_PRIVATE_KEY: both(key) },
      POSTGRES_PASSWORD: both(canary),
      JWT_SECRET: { staging: `${canary}-of-staging`, production: `${canary}-of-production` },
    }),
  });
});

afterAll(() => project.close());

/** A field of a container on the server, in Docker's notation. */
const inspect = async (container: string, field: string): Promise<string> =>
  await project.on(`docker inspect --format '${field}' ${container}`);

test(
  "D2: a push to main builds a group of targets once with bake, and deploys its digests to staging",
  async () => {
    const { repository, started } = project;
    pushed = (await project.expectEnd(repository.run("push"))).output;
    repository.deployed("deploy:staging", "staging", 1001);
    const head = await repository.head();
    const release = releaseSchema.parse(JSON.parse(repository.artifact("release", "release.json") ?? ""));
    for (const service of ["gateway", "migrate"]) {
      const digest = await started.registry.digest(`team/api-gateway/${service}`, `sha-${head}`);
      expect(release.images[service]?.endsWith(`@${digest}`)).toBe(true);
      expect(await started.registry.digest(`team/api-gateway/${service}`, "latest")).toBe(digest);
    }
    expect(release.buildArguments).toEqual({ GIT_SHA: head });
    expect(await inspect("api-gateway-staging-gateway-blue", '{{index .Config.Labels "stage"}}')).toBe("prod");
  },
  long,
);

/** The record that the last run left on the server. */
async function lastRecord(): Promise<RunRecord> {
  const records = "/var/lib/slipway/stacks/api-gateway@staging/records";
  const line = await project.on(`tail --lines 1 ${records} | cut -d ' ' -f 3-`);
  return recordSchema.parse(JSON.parse(line));
}

test("E1: the pipeline validates, builds, prepares, switches and verifies, in this order", async () => {
  const stages = ["check:registry", "build", "release", "deploy:staging"];
  const ended = [...pushed.matchAll(/^(\S+) +finished in/gm)].map(([, job = ""]) => job);
  expect(ended.filter((job) => stages.includes(job))).toEqual(stages);
  const parts = ["images", "migration", "prepare", "gate", "switch", "watch"];
  const done = Object.keys((await lastRecord()).phases);
  expect(done.filter((phase) => parts.includes(phase))).toEqual(parts);
});

test("C2: the record has the digests, the schema before and after, who deployed, when, and the pipeline", async () => {
  const { verdict, images, database, holder, job, time } = await lastRecord();
  expect(verdict).toBe("verified");
  expect(Object.keys(images).sort()).toEqual(["gateway", "migrate", "postgres", "slipway-proxy"]);
  for (const image of Object.values(images)) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(database.before).toBe("");
  expect(database.after).not.toBe("");
  expect(holder).not.toBe("");
  expect(job).toMatch(/^https?:\/\//);
  expect(Date.parse(time)).toBeGreaterThan(Date.parse("2026-01-01"));
});

test("D3: the migration has run to its end in a container of its own, before the application", async () => {
  const psql = "docker exec api-gateway-staging-postgres psql -qtA -U gateway -c";
  expect(await project.on(`${psql} 'SELECT name FROM schema_migrations'`)).toBe("0001_routes");
  const journal = await project.on("cat /var/lib/slipway/stacks/api-gateway@staging/journal");
  expect(journal.indexOf("migration")).toBeGreaterThan(-1);
  expect(journal.indexOf("rollout")).toBeGreaterThan(journal.indexOf("migration"));
});

test("D9: the record, the outputs and the image name the commit that runs", async () => {
  const { repository } = project;
  const commit = (await mustRun(["git", "-C", repository.folder, "rev-parse", "HEAD"])).trim();
  const records = await project.on("cat /var/lib/slipway/stacks/api-gateway@staging/records");
  expect(records).toContain(commit);
  const label = '{{index .Config.Labels "org.opencontainers.image.revision"}}';
  expect(await inspect("api-gateway-staging-gateway-blue", label)).toBe(commit.slice(0, 8));
  const outputs = repository.artifact("deploy:staging", "slipway-reports/staging/outputs.env");
  expect(outputs).toContain(`STAGING_RELEASE=${commit.slice(0, 8)}\n`);
});

test.runIf(fullSeries)(
  "D1: production runs the same digests as staging, and only what its stack file and its variables say differs",
  async () => {
    await project.expectEnd(project.repository.run("push", { only: "deploy:prod" }));
    const images = await Promise.all(
      ["staging", "production"].map((stack) => inspect(`api-gateway-${stack}-gateway-blue`, "{{.Config.Image}}")),
    );
    expect(images[0]).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(images[1]).toBe(images[0]);
    const env = async (stack: string): Promise<readonly string[]> =>
      (await inspect(`api-gateway-${stack}-gateway-blue`, "{{range .Config.Env}}{{println .}}{{end}}")).split("\n");
    const [ofStaging, ofProduction] = [await env("staging"), await env("production")];
    const different = ofStaging.filter((line) => !ofProduction.includes(line)).map((line) => line.split("=")[0]);
    expect(different.sort()).toEqual(["JWT_SECRET", "LOG_LEVEL", "UPSTREAM_URL"]);
  },
  long,
);

test(
  "D1: the same compose file starts the target `dev` with a developer's own Compose and .env",
  async () => {
    const { repository, builder } = project;
    const files = ["compose.yaml", ".env.example", "Dockerfile", "src/app.json"];
    const texts = files.map((name) => [name, readFileSync(join(repository.folder, name)).toString("base64")] as const);
    const write = texts.map(([name, text]) => `echo ${text} | base64 -d > ${name}`).join("\n");
    const folder = "mkdir -p /root/api-gateway/src && cd /root/api-gateway";
    await project.on(
      `${folder}\n${write}\ncp .env.example .env\ndocker compose up --build --wait --quiet-pull`,
      builder,
    );
    expect(await project.on("curl -sS --fail http://127.0.0.1:8080/version", builder)).toBe('"1.0.0"');
    const label = "docker inspect --format '{{index .Config.Labels \"stage\"}}' api-gateway-gateway-1";
    expect(await project.on(label, builder)).toBe("dev");
  },
  long,
);

test.runIf(fullSeries)(
  "D3: a migration that fails ends the pipeline before the application is rolled out",
  async () => {
    const bad = [...migrations, { name: "0002_bad", sql: "ALTER TABLE nothing ADD a int" }];
    await project.push(sources({ version: "2.0.0", migrations: bad }));
    const { log } = await project.expectEnd(project.repository.run("push"), false);
    expect(log("deploy:staging")).toContain("0002_bad");
    expect(await project.on("curl -sS --fail http://127.0.0.1:18080/version")).toBe('"1.0.0"');
    expect(await project.on("docker ps --quiet --filter name=api-gateway-staging-gateway-green")).toBe("");
  },
  long,
);
