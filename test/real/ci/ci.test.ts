import { readdirSync, readFileSync, writeFileSync } from "node:fs";
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
import type { PipelineResult, RunningPipeline } from "./run.ts";
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
  opened = await AapertureServer.open(["staging", "production"], { secrets: none });
  const secrets = { POSTGRES_PASSWORD: canary, GOOGLE_CLIENT_SECRET: oddCanary };
  project = await CiProject.open(opened, gitlab, { staging: secrets, production: secrets });
});

afterAll(async () => {
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

/** Waits until a deployment of staging writes its journal, so that it is in the middle of its work. */
async function waitUntilAtWork(running: RunningPipeline): Promise<void> {
  const journal = "/var/lib/slipway/stacks/aaperture@staging/journal";
  const lines = async (): Promise<number> => Number(await opened.on(`cat ${journal} 2>/dev/null | wc -l`));
  const before = await lines();
  await eventually("a deployment at work", 120, async () => {
    const ended = await Promise.race([running.finished, Promise.resolve(undefined)]);
    if (ended !== undefined) throw new Error(`it ended before\n${ended.output}`);
    return (await lines()) > before ? true : undefined;
  });
}

describe("A11: a push to main, with the few variables that the CI needs (A1, A2, A4, A7)", () => {
  test(
    "deploys staging, previews production, and deploys that only when a person starts it",
    async () => {
      const pushed = await expectEnd(project.run("push"));
      project.deployed("deploy:staging", "staging", 1001);
      expect(await servedRelease(18080)).toBe("1.0.0");
      expect(pushed.log("preview:prod")).toContain("aaperture/production");
      expect(project.artifact("preview:prod", `${reports}/production/plan.md`)).toContain("aaperture/production");
      expect(pushed.output).not.toContain("deploy:prod");
      await expectEnd(project.run("push", { only: "deploy:prod" }));
      project.deployed("deploy:prod", "production", 1002);
      expect(await servedRelease(8080)).toBe("1.0.0");
    },
    long,
  );

  test("hands its outputs to later jobs, within GitLab's limits", () => {
    const outputs = project.artifact("deploy:staging", `${reports}/staging/outputs.env`) ?? "";
    expect(outputs).toContain("STAGING_RELEASE=1.0.0\nSTAGING_COLOUR=blue\n");
    expect(outputs).toMatch(/^STAGING_API_IMAGE=registry\.test:5000\/app@sha256:[0-9a-f]{64}$/m);
    expect(outputs.trim().split("\n").length).toBeLessThanOrEqual(20);
  });
});

describe("a merge request", () => {
  test(
    "gets a note on its changes, compared with the last deployment of each stack, and holds no keys (SEC-A6)",
    async () => {
      changeAnAddress();
      await project.commit("another address");
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
      await opened.aaperture.release("2.0.0");
      await expectEnd(project.run("push", { only: "release" }));
      const running = project.start("push", { only: "deploy:staging" });
      await waitUntilAtWork(running);
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
    "rejects its pipeline, publishes nothing, and leaves the old release serving (F26)",
    async () => {
      const file = join(project.folder, "release.json");
      const right = readFileSync(file, "utf8");
      writeFileSync(
        file,
        right.replaceAll(/@sha256:[0-9a-f]{60}/g, `@sha256:${"0".repeat(60)}`).replace("2.0.0", "3.0.0"),
      );
      const { output } = await expectEnd(project.run("push"), false);
      writeFileSync(file, right);
      expect(output).toContain("registry.test:5000");
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
  const secrets = [...secretForms(canary), ...secretForms(oddCanary), gitlab.projectToken, gitlab.jobToken, key];
  expect(left.length).toBeGreaterThan(5);
  expect(secrets.map((secret) => all.some((text) => text.includes(secret)))).toEqual(secrets.map(() => false));
});

/** Changes one variable of each stack, as a merge request would. */
function changeAnAddress(): void {
  for (const stack of ["staging", "production"]) {
    const file = join(project.folder, `Pulumi.${stack}.yaml`);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/^( *GOOGLE_CALLBACK_URL: .*)$/m, "$1/v2"));
  }
}
