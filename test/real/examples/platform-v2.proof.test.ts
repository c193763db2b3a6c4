import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runChild } from "../../../process/child.ts";
import { releaseSchema } from "../../../model/stack/release.ts";
import type { AppRelease } from "../../hosts/servers.ts";
import { ExampleProject } from "./example-project.ts";

const long = 600_000;
const canary = "canary-of-platform-v2-1234567890-abcdefgh";
const backend = "registry.test:5000/team/platform-v2/backend";
const migrations = [{ name: "0001_orders", sql: "CREATE TABLE orders (id int)" }];
let project: ExampleProject;

/** Stand-ins for the team's sources: an image with a shell and `alembic`, one without, and what its jobs call. */
function sources(release: AppRelease): Readonly<Record<string, string>> {
  const app = JSON.stringify({ table: "orders", migrations, ...release });
  const program = ["COPY --from=registry.test:5000/app:base /app /app", "COPY app.json /release.json"];
  return {
    Makefile: "lint:\n\t@echo all is tidy\ntest:\n\t@echo all is well\n",
    "backend/app.json": app,
    "backend/alembic": '#!/bin/sh\ncase "$1 $2" in "upgrade head") exec /app migrate ;; *) exit 2 ;; esac\n',
    "backend/Dockerfile": [
      "FROM registry.test:5000/library/nginx:alpine",
      ...program,
      "COPY --chmod=755 alembic /usr/local/bin/alembic",
      "ENV PORT=8000",
      "STOPSIGNAL SIGTERM",
      'CMD ["/app", "serve"]',
      "",
    ].join("\n"),
    "frontend/app.json": JSON.stringify({ version: release.version }),
    "frontend/Dockerfile": ["FROM scratch", ...program, "ENV PORT=80", 'CMD ["/app", "serve"]', ""].join("\n"),
  };
}

beforeAll(async () => {
  project = await ExampleProject.open({
    name: "platform-v2",
    stacks: ["production"],
    sources: sources({ version: "1.0.0" }),
    images: {
      "nginx:alpine": ["library/nginx", "alpine"],
      "postgres:17-alpine": ["library/postgres", "17-alpine"],
      "redis:alpine": ["library/redis", "alpine"],
      "traefik:v3.6": ["library/traefik", "v3"],
    },
    variables: ({ server, key }) => ({
      ...{ PROD_SERVER_HOST: { production: server.networkAddress }, PROD_SERVER_USER: { production: "root" } },
      PROD_SSH_KEY: { production: key },
      ...{ POSTGRES_PASSWORD: { production: canary }, SECRET_KEY: { production: canary } },
    }),
  });
});

afterAll(() => project.close());

/** What the frontend answers at the public port. */
const served = async (): Promise<unknown> =>
  JSON.parse(await project.on(`curl -sS --fail --max-time 10 http://${project.server.networkAddress}/version`));

test(
  "B1: a merge request is linted, tested and planned, and neither built nor deployed",
  async () => {
    const { log, output } = await project.expectEnd(project.repository.run("mergeRequest"));
    expect(log("lint")).toContain("all is tidy");
    expect(log("test")).toContain("all is well");
    expect(log("plan:prod")).toContain("platform-v2/production");
    expect(output).not.toMatch(/^(build|release|deploy:prod) /m);
  },
  long,
);

test(
  "B4: a push to main is linted, tested, built once, and deployed by digest; no server builds (B1, A12)",
  async () => {
    const { output } = await project.expectEnd(project.repository.run("push"));
    const ended = [...output.matchAll(/^(\S+) +finished in/gm)].map(([, job]) => job);
    expect(ended.filter((job) => !/^(check|preview):|^pipeline$/.test(job ?? ""))).toEqual([
      ...["lint", "test", "build", "release", "deploy:prod"],
    ]);
    project.repository.deployed("deploy:prod", "production", 1001);
    const head = await project.repository.head();
    const { registry } = project.started;
    const digest = await registry.digest("team/platform-v2/backend", `sha-${head}`);
    expect(await registry.digest("team/platform-v2/backend", "latest")).toBe(digest);
    const running = await project.on("docker inspect --format '{{.Config.Image}}' platform-v2-backend-blue");
    expect(running.endsWith(`@${digest}`)).toBe(true);
    expect(await project.on(`docker image ls --quiet ${backend}:latest`)).toBe("");
  },
  long,
);

test("B3: the migration has run before the application, which migrates nothing", async () => {
  const rows = "docker exec platform-v2-postgres psql -qtA -U platform -c 'SELECT name FROM schema_migrations'";
  expect(await project.on(rows)).toBe("0001_orders");
});

test("B6: the health check answers through the team's own nginx (B7)", async () => {
  const address = `http://${project.server.networkAddress}`;
  expect(await project.on(`curl -sS --fail ${address}/health`)).toContain("1.0.0");
  expect(await served()).toBe("1.0.0");
  const key = "docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' platform-v2-backend-blue";
  expect(await project.on(key)).toContain(`SECRET_KEY=${canary}`);
});

test("deploys from masked CI variables alone, which no log and no artifact repeats (B7)", async () => {
  const words = ["grep", "--recursive", "--files-with-matches", "--fixed-strings", canary];
  const { folder } = project.repository;
  const { stdout } = await runChild([...words, join(folder, ".gitlab-ci-local"), join(folder, "state")]);
  expect(stdout).toBe("");
});

test(
  "B5: GitLab's rollback deploys the previous image (B6)",
  async () => {
    const { repository } = project;
    const artifacts = join(repository.folder, ".gitlab-ci-local/artifacts/release");
    const kept = join(repository.folder, "state/kept");
    const first = releaseSchema.parse(JSON.parse(repository.artifact("release", "release.json") ?? ""));
    cpSync(artifacts, kept, { recursive: true });
    await project.push(sources({ version: "2.0.0" }));
    await project.expectEnd(repository.run("push"));
    repository.deployed("deploy:prod", "production", 1002);
    expect(await served()).toBe("2.0.0");
    rmSync(artifacts, { recursive: true });
    cpSync(kept, artifacts, { recursive: true });
    const also = ["CI_PIPELINE_ID=1001", "CI_JOB_ID=1001"];
    await project.expectEnd(repository.run("push", { only: "deploy:prod", also }));
    expect(await served()).toBe("1.0.0");
    const running = "docker inspect --format '{{.Config.Image}}' $(docker ps -q --filter name=platform-v2-backend-)";
    expect(await project.on(running)).toContain(first.images["backend"]?.replace(/^.*@/, ""));
  },
  long,
);

test(
  "B6: the pipeline of a release that is not healthy fails, and the one before goes on serving",
  async () => {
    await project.push(sources({ version: "3.0.0", unhealthy: true }));
    const { log } = await project.expectEnd(project.repository.run("push"), false);
    expect(log("deploy:prod")).toContain("backend");
    expect(await served()).toBe("1.0.0");
  },
  long,
);
