import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { gitlabDeploy } from "../../../cli/gitlab/deploy.ts";
import { fetchPublished, requireNewest } from "../../../cli/gitlab/deployments.ts";
import { readJob } from "../../../cli/gitlab/job.ts";
import { gitlabPreview } from "../../../cli/gitlab/preview.ts";
import { readPrintedPlan } from "../../../model/report/printed-plan.ts";
import { copyRootProject } from "../../config/root-project.ts";
import { GitlabStub } from "./gitlab-stub.ts";
import { jobCall, jobFolder, removeJobFolders } from "./job.ts";

let stub: GitlabStub;

const root = copyRootProject();

beforeAll(async () => {
  stub = await GitlabStub.start();
});

afterAll(async () => {
  root.remove();
  await stub.stop();
  removeJobFolders();
});

beforeEach(() => {
  stub.deployments = [];
  stub.artifacts = {};
  stub.failing = { status: 500, times: 0 };
});

describe("a preview without keys", () => {
  const stackFile = "encryptionsalt: v1:salt\nconfig: {}\n";
  const folder = jobFolder({ "Pulumi.yaml": "name: aaperture\nruntime: nodejs\n", "Pulumi.staging.yaml": stackFile });
  const told = async (also: NodeJS.ProcessEnv): Promise<string> => {
    expect(await gitlabPreview.run(jobCall(stub, folder, also, "staging"))).toBe(4);
    return readFileSync(join(folder, "slipway-reports/staging/plan.md"), "utf8");
  };

  test("of a fork says that forks get none, and the consequences (F125)", async () => {
    const fork = {
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "6",
      CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: "stranger/aaperture",
    };
    expect((await told(fork)).split("\n\n")).toEqual([
      "### `staging`: not previewed",
      "staging is not previewed: this job was not given SSH_PRIVATE_KEY, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE.",
      "The merge request comes from stranger/aaperture, and pipelines of a fork get no variables of this " +
        "project. A person who may push here can read the change, and then run a pipeline for the merge request in " +
        "this project.",
      "It is unknown what this change would do to the server of staging; the results of the other jobs stand.\n",
    ]);
  });

  test("of a branch that is not protected explains that protected variables are missing (F115)", async () => {
    const some = { SSH_PRIVATE_KEY: "a key", PULUMI_BACKEND_URL: "file:///state" };
    const text = await told(some);
    expect(text).toContain("this job was not given PULUMI_CONFIG_PASSPHRASE.");
    expect(text).toContain("The branch is not protected, and protected variables exist only on protected branches.");
  });

  test("of a protected branch names the environment that needs them", async () => {
    expect(await told({ CI_COMMIT_REF_PROTECTED: "true" })).toContain(
      "Set what is missing for the environment staging, or for all of them.",
    );
  });

  test("leaves links and no counts, so that the widget shows no wrong ones", async () => {
    await told({ CI_ENVIRONMENT_URL: "https://staging.aaperture.com" });
    const reports = join(folder, "slipway-reports/staging");
    expect(JSON.parse(readFileSync(join(reports, "links.json"), "utf8"))).toEqual({
      slipway: [
        {
          external_link: {
            label: "staging: the plan",
            url: "https://gitlab.test/team/aaperture/-/jobs/400/artifacts/file/slipway-reports/staging/plan.md",
          },
        },
        { external_link: { label: "staging: its address", url: "https://staging.aaperture.com" } },
      ],
    });
    expect(existsSync(join(reports, "terraform.json"))).toBe(false);
  });

  test("rejects an option that it does not know", async () => {
    const call = { ...jobCall(stub, folder, {}, "staging"), words: ["--ofline"] };
    await expect(gitlabPreview.run(call)).rejects.toThrow(
      "--ofline: is not an option of `slipway gitlab preview`; did you mean '--offline'",
    );
  });
});

describe("an offline preview", () => {
  const folder = jobFolder({
    "Pulumi.yaml": "name: aaperture\nruntime: nodejs\n",
    "Pulumi.staging.yaml": "config: {}\n",
  });
  const previewed = async (stack: string, project: string): Promise<{ code: number; printed: string }> => {
    const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const call = { ...jobCall(stub, folder, {}, stack), folder: project, words: ["--offline"] };
    const code = await gitlabPreview.run(call);
    const printed = written.mock.calls.map(([text]) => String(text)).join("");
    vi.restoreAllMocks();
    return { code, printed };
  };
  const report = (name: string): string => readFileSync(join(folder, "slipway-reports", name), "utf8");

  test("prints the plan as a table, and saves it as JSON and Markdown with its counts", async () => {
    const { code, printed } = await previewed("production", root.folder);
    expect(code).toBe(0);
    expect(printed).toMatch(/^aaperture\/production, /);
    expect(readPrintedPlan(report("production/plan.json"))).toMatchObject({ stack: "aaperture/production" });
    expect(report("production/plan.md")).toMatch(/^### `aaperture\/production`: /);
    expect(JSON.parse(report("production/terraform.json"))).toMatchObject({ delete: 0 });
  });

  test("is compared with the plan that the last deployment published", async () => {
    await previewed("production", root.folder);
    stub.deployments = [{ environment: "production", job: 2, pipeline: 20 }];
    stub.artifacts = { "2/artifacts/slipway-reports/production/plan.json": report("production/plan.json") };
    await previewed("production", root.folder);
    expect(report("production/plan.md")).toMatch(/^### `aaperture\/production`: nothing changes\n/);
  });

  test("saves each problem of the stack if there is no plan", async () => {
    expect(await previewed("staging", folder)).toEqual({ code: 1, printed: "" });
    const [heading, , job, , ...problems] = report("staging/plan.md").trimEnd().split("\n");
    expect([heading, job]).toEqual([
      "### `staging`: no plan",
      "[The job](https://gitlab.test/team/aaperture/-/jobs/400) ended with 1.",
    ]);
    expect(problems).toContainEqual(expect.stringMatching(/^- `host: .+; .+`$/));
  });

  test("rejects a published plan of another version", async () => {
    stub.deployments = [{ environment: "production", job: 2, pipeline: 20 }];
    stub.artifacts = { "2/artifacts/slipway-reports/production/plan.json": "{}" };
    expect((await previewed("production", root.folder)).code).toBe(1);
    expect(report("production/plan.md")).toContain(
      "- `production: its last deployment published a plan of another version of slipway; " +
        "deploy it once with this version`",
    );
  });
});

describe("the plan that the last deployment published", () => {
  const folder = jobFolder();
  const fetched = async (also: NodeJS.ProcessEnv = {}) => {
    const call = jobCall(stub, folder, also);
    return await fetchPublished(readJob(call.environment), "production", call.environment);
  };

  test("comes from the job that deployed last, of any pipeline", async () => {
    stub.deployments = [
      { environment: "staging", job: 3, pipeline: 30 },
      { environment: "production", job: 2, pipeline: 20 },
      { environment: "production", job: 1, pipeline: 10 },
    ];
    stub.artifacts = { "2/artifacts/slipway-reports/production/plan.json": "the plan" };
    expect(await fetched()).toEqual({ text: "the plan" });
  });

  test("is absent before the first deployment, without its artifacts, and without the project's token", async () => {
    expect(await fetched()).toEqual({ why: "GitLab knows of no deployment of production" });
    stub.deployments = [{ environment: "production", job: 2, pipeline: 20 }];
    expect(await fetched()).toEqual({ why: "job 2, which deployed production last, has left no plan" });
    expect(await fetched({ SLIPWAY_GITLAB_TOKEN: undefined })).toEqual({
      why: "SLIPWAY_GITLAB_TOKEN is not set, without which artifacts cannot be read",
    });
  });
});

test("rejects a deployment that must follow a plan if its pipeline made none", async () => {
  const call = jobCall(stub, jobFolder(), {}, "staging");
  await expect(gitlabDeploy.run({ ...call, words: ["--held", "true"] })).rejects.toThrow(
    "staging: this pipeline has saved no plan to be held to; run the job that previews it, and then this one again",
  );
});

test("rejects a deployment of a pipeline that has built nothing (A12)", async () => {
  const files = ["Pulumi.yaml", "Pulumi.staging.yaml", "compose.yaml", ".env.example", "slipway.lock"];
  const folder = jobFolder(
    Object.fromEntries(files.map((name) => [name, readFileSync(join(root.folder, name), "utf8")])),
  );
  await expect(gitlabDeploy.run(jobCall(stub, folder, {}, "staging"))).rejects.toThrow(
    "release.json: is missing: this pipeline has built nothing, and the image of 'api' comes with a release",
  );
});

describe("a deployment of pipeline 40", () => {
  const deployments = "GET projects/5/deployments";
  const newest = async (also: NodeJS.ProcessEnv = {}): Promise<void> => {
    const { environment } = jobCall(stub, jobFolder(), also);
    await requireNewest(readJob(environment), "staging", environment);
  };
  const deployed = (...pipelines: readonly number[]): void => {
    stub.deployments = pipelines.map((pipeline) => ({ environment: "staging", job: 10 * pipeline, pipeline }));
  };
  /** The number of times that GitLab is asked by a deployment which goes on. */
  const askedBy = async (also: NodeJS.ProcessEnv = {}): Promise<number> => {
    const before = stub.asked.length;
    await newest(also);
    return stub.asked.slice(before).filter((request) => request === deployments).length;
  };

  test("goes on if GitLab tells only older pipelines, or none, even to the job's own token", async () => {
    expect(await askedBy()).toBe(1);
    deployed(39, 38);
    expect(await askedBy({ SLIPWAY_GITLAB_TOKEN: undefined })).toBe(1);
    deployed(41, 39, 38);
    await expect(newest()).rejects.toThrow("pipeline 41, which is newer");
  });

  test("rejects replacing the newer deployment of pipeline 41 (F93)", async () => {
    deployed(41, 39);
    await expect(newest({ SLIPWAY_GITLAB_TOKEN: undefined })).rejects.toThrow(
      "staging: pipeline 41, which is newer, has deployed already, got '40'; start the job of that pipeline; " +
        "to go back on purpose, give this job SLIPWAY_ROLLBACK=yes",
    );
  });

  test("goes back if it has deployed before, as GitLab's own button does, or if a person says so", async () => {
    deployed(41);
    await expect(newest()).rejects.toThrow("pipeline 41, which is newer");
    expect(await askedBy({ SLIPWAY_ROLLBACK: "yes" })).toBe(0);
    deployed(41, 40);
    expect(await askedBy()).toBe(1);
  });

  test("goes on if GitLab does not answer, and says that it does not know", async () => {
    deployed(41);
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await newest({ SLIPWAY_GITLAB_TOKEN: "wrong" });
    const said = written.mock.calls.map(([text]) => String(text)).join("");
    vi.restoreAllMocks();
    expect(said).toMatch(/^slipway: whether a newer pipeline has deployed staging is not known: .*401/);
    expect(await askedBy({ SLIPWAY_GITLAB_TOKEN: undefined, CI_JOB_TOKEN: undefined })).toBe(0);
    await expect(newest()).rejects.toThrow("pipeline 41, which is newer");
  });
});
