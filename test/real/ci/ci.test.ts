import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureTools } from "../../../toolchain/toolchain.ts";
import { gitlabCiLocal } from "../../../toolchain/tools/gitlab-ci-local.ts";
import { rsync } from "../../../toolchain/tools/rsync.ts";
import { GitlabStub } from "../../cli/gitlab/gitlab-stub.ts";
import { eventually } from "../../hosts/condition.ts";
import { AapertureServer } from "../stack/aaperture-server.ts";
import { leaveExamples } from "./example.ts";
import { CiProject } from "./project.ts";
import type { PipelineResult } from "./run.ts";
import { releaseSchema } from "../../../model/stack/release.ts";
import { secretForms } from "../secrets/secret-forms.ts";

const long = 600_000;
const canary = "canary-of-the-pipeline-3141-5926";
const oddCanary = 'canary "of" the $pipeline & 2718 2818';
const reports = "slipway-reports";
let opened: AapertureServer;
let gitlab: GitlabStub;
let project: CiProject;
/** The output of all pipelines, for the search for secrets. */
const said: string[] = [];

beforeAll(async () => {
  await ensureTools([gitlabCiLocal, rsync], (line) => void process.stderr.write(`${line}\n`));
  gitlab = await GitlabStub.start();
  const none = { staging: {}, production: {} };
  opened = await AapertureServer.open(["staging", "production"], { secrets: none, servers: 2 });
  const secrets = { POSTGRES_PASSWORD: canary, GOOGLE_CLIENT_SECRET: oddCanary };
  project = await CiProject.open(opened, gitlab, { staging: secrets, production: secrets });
});

afterAll(async () => {
  await project.close();
  await gitlab.stop();
  await opened.close();
});

/** Waits for a pipeline that must succeed, or fail; an error holds its output. */
async function expectEnd(running: Promise<PipelineResult>, well = true): Promise<PipelineResult> {
  const result = await running;
  said.push(result.output);
  if ((result.code === 0) === well) return result;
  throw new Error(`the pipeline ended with ${String(result.code)}\n${result.output}`);
}

/** The release that a port of the server answers with. */
async function servedRelease(port: number): Promise<unknown> {
  return JSON.parse(await opened.on(`curl -sS --max-time 10 http://127.0.0.1:${port}/version`));
}

describe("A11: a push to main, with the five variables that the CI needs and those of Pulumi's backend", () => {
  const alone = { without: ["SLIPWAY_GITLAB_TOKEN"] };

  test("builds nothing if the registry does not answer (E20)", async () => {
    const also = ["CI_REGISTRY=127.0.0.1:1"];
    const { log } = await expectEnd(project.run("push", { ...alone, also }), false);
    expect(log("check:registry")).toContain("CI_REGISTRY: 127.0.0.1:1 refuses the connection; start it");
    expect(log("build")).toBe("");
  });

  test("rejects a deployment of a pipeline that has built nothing (A12)", async () => {
    const { log } = await expectEnd(project.run("push", { ...alone, only: "deploy:staging" }), false);
    expect(log("deploy:staging")).toContain("release.json: is missing: this pipeline has built nothing");
    expect(gitlab.deployments).toEqual([]);
  });

  test(
    "A12: builds main's code, deploys it to staging, and to production when a person starts that (A1, A2, A4, A7)",
    async () => {
      const pushed = await expectEnd(project.run("push", alone));
      project.deployed("deploy:staging", "staging", 1001);
      expect(await servedRelease(18080)).toBe("1.0.0");
      expect(pushed.log("preview:prod")).toContain("aaperture/production");
      expect(project.artifact("preview:prod", `${reports}/production/plan.md`)).toContain("aaperture/production");
      expect(pushed.output).not.toContain("deploy:prod");
      await expectEnd(project.run("push", { ...alone, only: "deploy:prod" }));
      project.deployed("deploy:prod", "production", 1002);
      expect(await servedRelease(8080)).toBe("1.0.0");
    },
    long,
  );

  test("deploys the digests of its own build, and tells its commit (A12, B4, D9)", async () => {
    const head = await project.head();
    const document = project.artifact("release", "release.json") ?? "";
    const { commit, images } = releaseSchema.parse(JSON.parse(document));
    expect(commit?.slice(0, 8)).toBe(head);
    const image = images["api"]?.replace(/:sha-\w+@/, "@") ?? "";
    expect(images["api"]).toContain(`registry.test:5000/team/aaperture/api:sha-${head}@sha256:`);
    const running = "docker inspect --format '{{.Config.Image}}' aaperture-staging-api-blue";
    expect((await opened.on(running)).replace(/:sha-\w+@/, "@")).toBe(image);
    const outputs = project.artifact("deploy:staging", `${reports}/staging/outputs.env`) ?? "";
    expect(outputs).toContain(`STAGING_RELEASE=${head}\nSTAGING_COLOUR=blue\n`);
    expect(outputs).toMatch(
      /^STAGING_API_IMAGE=registry\.test:5000\/team\/aaperture\/api(:\S+)?@sha256:[0-9a-f]{64}$/m,
    );
    expect(outputs.trim().split("\n").length).toBeLessThanOrEqual(20); // GitLab takes no more
  });

  test("leaves no login, neither on the server nor with the runner (E10)", async () => {
    const found =
      "find / -xdev -name config.json -path '*docker*' -size -100k -exec grep -l gitlab-ci-token {} + || true";
    expect(await opened.on(found)).toBe("");
    expect(readdirSync(join(project.folder, ".docker"))).not.toContain("config.json");
  });
});

describe("a merge request", () => {
  test(
    "gets a note on its changes, compared with the last deployment of each stack, and holds no keys (SEC-A6)",
    async () => {
      await project.changeAddress();
      await expectEnd(project.run("mergeRequest"));
      expect(gitlab.notes).toHaveLength(1);
      const [note] = gitlab.notes;
      expect(note?.body).toMatch(/^<!-- slipway preview of team\/aaperture -->\n/);
      expect(note?.body).toMatch(/`aaperture\/production`.*change/);
      expect(note?.body).toMatch(/`aaperture\/staging`.*change/);
      expect(note?.body).toContain("GOOGLE_CALLBACK_URL");
      const counts: unknown = JSON.parse(project.artifact("plan:staging", `${reports}/staging/terraform.json`) ?? "");
      expect(counts).toMatchObject({ create: 0, delete: 0 });
      leaveExamples({
        "note.md": note?.body,
        "terraform.json": project.artifact("plan:staging", `${reports}/staging/terraform.json`),
        "links.json": project.artifact("plan:staging", `${reports}/staging/links.json`),
      });
    },
    long,
  );

  test("has one note, which the next pipeline updates in place", async () => {
    await expectEnd(project.run("mergeRequest", { only: "note", also: ["CI_COMMIT_SHORT_SHA=0ddba11"] }));
    expect(gitlab.notes).toHaveLength(1);
    expect(gitlab.notes[0]?.body).toContain("Of commit 0ddba11");
  });

  test("passes without the project's token, and names it", async () => {
    const { log } = await expectEnd(project.run("mergeRequest", { only: "note", without: ["SLIPWAY_GITLAB_TOKEN"] }));
    expect(log("note")).toContain("no note is written: SLIPWAY_GITLAB_TOKEN is not set");
  });

  test(
    "of a fork is planned without keys (F125)",
    async () => {
      const { log, output } = await expectEnd(project.run("mergeRequest", { fork: true }));
      expect(log("plan:staging")).toContain("aaperture/staging");
      expect(log("plan:prod")).toContain("aaperture/production");
      expect(output).toContain("as it should be for a merge request from the fork stranger/aaperture");
      expect(gitlab.notes).toHaveLength(1);
    },
    long,
  );
});

describe("a deployment that does not finish", () => {
  test(
    "stops at a safe point if its job is cancelled, and leaves no lock and no session (F119)",
    async () => {
      await project.push({ version: "2.0.0" });
      await expectEnd(project.run("push", { only: ["build", "release"] }));
      const running = project.start("push", { only: "deploy:staging" });
      await project.atWork(running);
      running.cancelJob();
      await running.finished;
      await eventually("the state's lock given back", 120, () =>
        Promise.resolve(project.lock("staging") === undefined ? true : undefined),
      );
      expect(["1.0.0", "2.0.0"]).toContain(await servedRelease(18080));
    },
    long,
  );

  test(
    "needs no repair after its runner died with all its processes: the next pipeline goes on (F85, F94, F120)",
    async () => {
      const running = project.start("push", { only: "deploy:staging" });
      const { pid } = await eventually("the state's lock", 120, () => Promise.resolve(project.lock("staging")));
      process.kill(pid, "SIGKILL");
      running.kill();
      await running.finished;
      const { log } = await expectEnd(project.run("push"));
      project.deployed("deploy:staging", "staging", 1003);
      expect(log("deploy:staging")).toMatch(
        /the state of staging is locked by .*; released: it is older than this job/,
      );
      expect(await servedRelease(18080)).toBe("2.0.0");
    },
    long,
  );

  test(
    "rejects its pipeline, publishes nothing, and leaves the old release serving (F35)",
    async () => {
      await project.push({ version: "3.0.0", crashAtBoot: true });
      const { log } = await expectEnd(project.run("push"), false);
      expect(log("deploy:staging")).toContain("aaperture-staging-api-");
      expect(project.artifact("deploy:staging", `${reports}/staging/plan.json`)).toBeUndefined();
      expect(await servedRelease(18080)).toBe("2.0.0");
    },
    long,
  );

  test("rejects a pipeline that is older than the deployed one (F93)", async () => {
    gitlab.deployments = [{ environment: "staging", job: 9001, pipeline: 9001 }, ...gitlab.deployments];
    const { log } = await expectEnd(project.run("push", { only: "deploy:staging" }), false);
    expect(log("deploy:staging")).toContain("staging: pipeline 9001, which is newer, has deployed already");
    gitlab.deployments = gitlab.deployments.slice(1);
  });
});

describe("a schedule", () => {
  test(
    "checks both stacks for drift, passes with a warning if there is some, and repairs nothing (F100)",
    async () => {
      await opened.on("docker rm --force aaperture-staging-grafana");
      const { log, output } = await expectEnd(project.run("schedule"));
      expect(log("drift:staging")).toContain("grafana");
      expect(output).toMatch(/drift:staging +finished in .* WARN 3/);
      expect(await opened.on("docker ps --quiet --filter name=^/aaperture-staging-grafana$")).toBe("");
    },
    long,
  );
});

test("no secret is in the output of jobs, in their artifacts, or in the note", () => {
  const left = readdirSync(join(project.folder, ".gitlab-ci-local/artifacts"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
  const all = [...said, ...left, ...gitlab.notes.map(({ body }) => body)];
  const key = readFileSync(opened.started.privateKeyFile, "utf8").split("\n")[2] ?? "";
  const tokens = [gitlab.projectToken, gitlab.jobToken, "canary-of-the-registry"];
  const secrets = [...secretForms(canary), ...secretForms(oddCanary), ...tokens, key];
  expect(left.length).toBeGreaterThan(5);
  expect(secrets.map((secret) => all.some((text) => text.includes(secret)))).toEqual(secrets.map(() => false));
});
