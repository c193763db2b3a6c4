import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Call } from "../../../cli/commands/command.ts";
import type { GitlabStub } from "./gitlab-stub.ts";

const made: string[] = [];

/** Removes the folders that the tests of a file made; each file that makes some calls it at its end. */
export function removeJobFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Makes a folder that stands for a job's checkout, with the given files. */
export function jobFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-job-"));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/**
 * The call of a command in a merge request's job, with GitLab's variables and the test's own; undefined removes one.
 */
export function jobCall(stub: GitlabStub, folder: string, also: NodeJS.ProcessEnv = {}, stack?: string): Call {
  const environment = {
    ...{ PATH: process.env["PATH"], HOME: process.env["HOME"] },
    CI_API_V4_URL: stub.api,
    CI_PROJECT_ID: "5",
    CI_PROJECT_PATH: "team/aaperture",
    CI_PROJECT_DIR: folder,
    CI_PIPELINE_ID: "40",
    CI_PIPELINE_URL: "https://gitlab.test/team/aaperture/-/pipelines/40",
    CI_JOB_URL: "https://gitlab.test/team/aaperture/-/jobs/400",
    CI_JOB_TOKEN: stub.jobToken,
    CI_COMMIT_SHORT_SHA: "1a2b3c4d",
    CI_COMMIT_REF_PROTECTED: "false",
    CI_MERGE_REQUEST_IID: "7",
    CI_MERGE_REQUEST_PROJECT_ID: "5",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "5",
    SLIPWAY_GITLAB_TOKEN: stub.projectToken,
    ...also,
  };
  return { folder, stack, stacks: stack === undefined ? [] : [stack], words: [], environment };
}
