import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { gitlabNote, noteBody, noteMarker } from "../../../cli/gitlab/note.ts";
import { GitlabStub } from "./gitlab-stub.ts";
import { jobCall, jobFolder, removeJobFolders } from "./job.ts";

const folder = jobFolder({
  "slipway-reports/staging/plan.md": "### staging\n\ntwo services restart\n",
  "slipway-reports/production/plan.md": "### production\n\nnothing changes\n",
});
const marker = "<!-- slipway preview of team/aaperture -->";
let stub: GitlabStub;

beforeAll(async () => {
  stub = await GitlabStub.start();
});

afterAll(async () => {
  await stub.stop();
  removeJobFolders();
});

beforeEach(() => {
  stub.notes = [];
  stub.asked.length = 0;
  stub.failing = { status: 500, times: 0 };
});

const write = (also: NodeJS.ProcessEnv = {}, from: string = folder): Promise<number> =>
  gitlabNote.run(jobCall(stub, from, also));

describe("the note on a merge request", () => {
  test("begins with an invisible marker, and has a section for each stack", async () => {
    expect(await write()).toBe(0);
    expect(stub.notes.map(({ body }) => body)).toEqual([
      [
        marker,
        "## What this merge request would change",
        "",
        "Of commit 1a2b3c4d, by pipeline [40](https://gitlab.test/team/aaperture/-/pipelines/40).",
        "",
        "### production",
        "",
        "nothing changes",
        "",
        "### staging",
        "",
        "two services restart",
      ].join("\n"),
    ]);
  });

  test("is updated in place by the next pipeline", async () => {
    await write();
    await write({ CI_COMMIT_SHORT_SHA: "ffffffff" });
    expect(stub.notes).toHaveLength(1);
    expect(stub.notes[0]?.body).toContain("Of commit ffffffff");
  });

  test("stays untouched if its text is the same", async () => {
    await write();
    stub.asked.length = 0;
    await write();
    expect(stub.asked).toEqual(["GET user", "GET projects/5/merge_requests/7/notes"]);
  });

  test("is found after hundreds of others, and a note of another author is never taken for it", async () => {
    for (let count = 0; count < 150; count += 1) stub.write(`remark ${count}`, 3);
    stub.write(`${marker}\nnot ours`, 3);
    await write();
    await write({ CI_COMMIT_SHORT_SHA: "ffffffff" });
    expect(stub.notes.filter(({ author }) => author.id === stub.user)).toHaveLength(1);
    expect(stub.notes.find(({ body }) => body.endsWith("not ours"))).toBeDefined();
  });

  test("says so if no stack has a plan", async () => {
    await write({}, jobFolder());
    expect(stub.notes[0]?.body).toContain("No stack left a plan; the jobs of the pipeline say why.");
  });

  test("of a fork's merge request goes to the target project", async () => {
    await write({ CI_PROJECT_ID: "9", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "9" });
    expect(stub.notes).toHaveLength(1);
  });

  test("is skipped without a failure outside of a merge request or without the project's token", async () => {
    expect(await write({ SLIPWAY_GITLAB_TOKEN: "" })).toBe(0);
    expect(await write({ CI_MERGE_REQUEST_IID: undefined })).toBe(0);
    expect(stub.asked).toEqual([]);
  });

  test("is written even if GitLab fails for a moment", async () => {
    stub.failing = { status: 503, times: 1 };
    expect(await write()).toBe(0);
    expect(stub.notes).toHaveLength(1);
  });

  test("rejects a token that GitLab does not know, and does not print it", async () => {
    const told = write({ SLIPWAY_GITLAB_TOKEN: "wrong-token-of-the-test" });
    await expect(told).rejects.toThrow(/^gitlab GET user: answers 401; see that SLIPWAY_GITLAB_TOKEN is a project/);
    await expect(told).rejects.not.toThrow("wrong-token-of-the-test");
  });

  test("rejects a run outside of a job, and names what is missing", async () => {
    await expect(write({ CI_PROJECT_ID: undefined, CI_JOB_URL: "" })).rejects.toThrow(
      "CI_PROJECT_ID, CI_JOB_URL: is missing or invalid, so this is not a GitLab job; " +
        "run this in a job of a GitLab pipeline",
    );
  });

  test("folds away nothing behind a section that was cut", () => {
    const origin = { project: "p", commit: "c", pipeline: { id: "1", url: "https://gitlab.test/1" } };
    const body = noteBody(origin, [`<details>\n${"a".repeat(200_000)}\n</details>`, "production: data is concerned"]);
    const between = body.slice(body.indexOf("<details>"), body.indexOf("production:"));
    expect(between.split("</details>")).toHaveLength(2);
  });

  test("stays shorter than GitLab allows", () => {
    const origin = { project: "p", commit: "c", pipeline: { id: "1", url: "https://gitlab.test/1" } };
    const sections = Array.from({ length: 10 }, () => "x".repeat(200_000));
    const body = noteBody(origin, sections);
    expect(body.length).toBeLessThan(1_000_000);
    expect(body.startsWith(noteMarker("p"))).toBe(true);
    expect(body).toContain("… cut here; the job has all of it.");
  });
});
