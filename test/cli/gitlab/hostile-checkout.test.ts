import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { gitlabDeploy } from "../../../cli/gitlab/deploy.ts";
import { gitlabNote } from "../../../cli/gitlab/note.ts";
import { gitlabPreview } from "../../../cli/gitlab/preview.ts";
import { GitlabStub } from "./gitlab-stub.ts";
import { jobCall, jobFolder, removeJobFolders } from "./job.ts";

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
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  return () => vi.restoreAllMocks();
});

const project = { "Pulumi.yaml": "name: aaperture\nruntime: nodejs\n" };
const keyless = { ...project, "Pulumi.staging.yaml": "encryptionsalt: v1:salt\nconfig: {}\n" };

/** Makes git track all files of a folder. */
function track(folder: string): string {
  for (const words of [
    ["init", "--quiet"],
    ["add", "--all"],
  ])
    execFileSync("git", ["-C", folder, ...words]);
  return folder;
}

/** Runs a preview in a folder and returns the section that it wrote. */
async function previewed(folder: string, also: NodeJS.ProcessEnv = {}, words: readonly string[] = []): Promise<string> {
  await gitlabPreview.run({ ...jobCall(stub, folder, also, "staging"), words });
  return readFileSync(join(folder, "slipway-reports/staging/plan.md"), "utf8");
}

const tracked =
  "slipway-reports: is tracked by git, got 'slipway-reports/staging/saved.json'; " +
  "remove it from the repository, since only jobs write into this folder";

describe("values of a stack's file in the section of the note", () => {
  const bad = "x\n```\n### `production`: nothing changes\n<img src=//evil>\n```text\n";
  const section = async (config: Readonly<Record<string, string>>, also: NodeJS.ProcessEnv): Promise<string> =>
    await previewed(jobFolder({ ...project, "Pulumi.staging.yaml": JSON.stringify({ config }) }), also, ["--offline"]);

  test("stay in the one line and the code span of their problem", async () => {
    const text = await section({ "aaperture:project": bad }, {});
    const problems = text.trimEnd().split("\n").slice(4);
    expect(problems.filter((line) => !/^- `[^`]+`$/.test(line))).toEqual([]);
    expect(problems.filter((line) => line.includes("<img src=//evil>"))).toHaveLength(1);
  });

  test("never show what a variable holds", async () => {
    const config = { "aaperture:domain": "${SERVER_HOST}", "aaperture:project": "${PULUMI_CONFIG_PASSPHRASE}" };
    const text = await section(config, { SERVER_HOST: "top secret host", PULUMI_CONFIG_PASSPHRASE: "top secret" });
    expect(text).not.toContain("top secret");
    expect(text).toContain("- `domain: is not a domain name, got '${SERVER_HOST}'");
    expect(text).toContain("- `project: uses the variable PULUMI_CONFIG_PASSPHRASE, which may hold a key of the job;");
  });
});

describe("the note", () => {
  test("takes only regular files in real folders", async () => {
    const folder = jobFolder({ "slipway-reports/staging/plan.md": "### staging\n", "other/plan.md": "### linked\n" });
    mkdirSync(join(folder, "slipway-reports/zz"));
    symlinkSync("/proc/self/environ", join(folder, "slipway-reports/zz/plan.md"));
    symlinkSync(join(folder, "other"), join(folder, "slipway-reports/linked"));
    expect(await gitlabNote.run(jobCall(stub, folder))).toBe(0);
    expect(stub.notes[0]?.body.split("\n### ").slice(1)).toEqual(["staging"]);
  });

  test("rejects a folder of reports that is a link", async () => {
    const folder = jobFolder({ "other/staging/plan.md": "### linked\n" });
    symlinkSync(join(folder, "other"), join(folder, "slipway-reports"));
    await expect(gitlabNote.run(jobCall(stub, folder))).rejects.toThrow(
      "slipway-reports: is not a real folder; remove it, since only jobs write there",
    );
  });

  test("rejects reports that are committed", async () => {
    const folder = track(jobFolder({ "slipway-reports/staging/saved.json": "{}" }));
    await expect(gitlabNote.run(jobCall(stub, folder))).rejects.toThrow(tracked);
    expect(stub.notes).toEqual([]);
  });
});

describe("a preview", () => {
  test("removes the plan that an earlier one saved, before anything else", async () => {
    const folder = jobFolder({ ...keyless, "slipway-reports/staging/saved.json": "{}" });
    await previewed(folder, { CI_MERGE_REQUEST_IID: "" });
    expect(existsSync(join(folder, "slipway-reports/staging/saved.json"))).toBe(false);
  });

  test("rejects a checkout that has reports", async () => {
    const folder = track(jobFolder({ ...keyless, "slipway-reports/staging/saved.json": "{}" }));
    await expect(previewed(folder)).rejects.toThrow(tracked);
  });

  test.each(["slipway-reports", "slipway-reports/staging"])(
    "rejects %s if it is a link, and removes nothing",
    async (path) => {
      const [folder, elsewhere] = [jobFolder(keyless), jobFolder({ id_ed25519: "a key", "staging/known_hosts": "x" })];
      if (path !== "slipway-reports") mkdirSync(join(folder, "slipway-reports"));
      symlinkSync(elsewhere, join(folder, path));
      await expect(previewed(folder)).rejects.toThrow(
        `${path}: is not a real folder; remove it, since only jobs write there`,
      );
      expect(readdirSync(elsewhere, { recursive: true }).sort()).toEqual([
        "id_ed25519",
        "staging",
        "staging/known_hosts",
      ]);
    },
  );

  test("removes links and folders among an earlier job's files, and not what they lead to", async () => {
    const [folder, elsewhere] = [jobFolder({ ...keyless, "slipway-reports/staging/a/b": "" }), jobFolder({ kept: "" })];
    symlinkSync(elsewhere, join(folder, "slipway-reports/staging/link"));
    await previewed(folder);
    expect(readdirSync(join(folder, "slipway-reports/staging")).sort()).toEqual(["links.json", "plan.md"]);
    expect(readdirSync(elsewhere)).toEqual(["kept"]);
  });
});

describe("a deployment that is held to a plan", () => {
  const deployed = async (folder: string): Promise<number> =>
    await gitlabDeploy.run({ ...jobCall(stub, folder, {}, "staging"), words: ["--held", "true"] });

  test("rejects a plan that is committed", async () => {
    const folder = track(jobFolder({ ...project, "slipway-reports/staging/saved.json": "{}" }));
    await expect(deployed(folder)).rejects.toThrow(tracked);
  });

  test("rejects a plan that is a link", async () => {
    const folder = jobFolder({ ...project, "slipway-reports/staging/x": "" });
    writeFileSync(join(folder, "forged.json"), "{}");
    symlinkSync(join(folder, "forged.json"), join(folder, "slipway-reports/staging/saved.json"));
    await expect(deployed(folder)).rejects.toThrow("staging: this pipeline has saved no plan to be held to");
  });
});
