import { z } from "zod";
import { UserError } from "../../model/problem.ts";

/** The variable with a project access token. It is none of GitLab's own, so that no other token is used by accident. */
export const tokenVariable = "SLIPWAY_GITLAB_TOKEN";

const jobSchema = z.object({
  CI_API_V4_URL: z.url(),
  CI_PROJECT_ID: z.string().min(1),
  CI_PROJECT_PATH: z.string().min(1),
  CI_PROJECT_DIR: z.string().min(1),
  CI_PIPELINE_ID: z.string().min(1),
  CI_PIPELINE_URL: z.url(),
  CI_JOB_URL: z.url(),
  CI_COMMIT_SHORT_SHA: z.string().min(1),
  CI_COMMIT_REF_PROTECTED: z.string().optional(),
  CI_ENVIRONMENT_URL: z.string().optional(),
  CI_MERGE_REQUEST_IID: z.string().optional(),
  CI_MERGE_REQUEST_PROJECT_ID: z.string().optional(),
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: z.string().optional(),
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: z.string().optional(),
});

/** The merge request that a job works for. */
export interface MergeRequest {
  readonly iid: string;
  /** The project into which it is merged. */
  readonly project: string;
  /** Path of the fork that it comes from; undefined if it comes from the project itself. */
  readonly fork: string | undefined;
}

/** A job's facts about itself. */
export interface GitlabJob {
  readonly api: string;
  readonly project: { readonly id: string; readonly path: string };
  /** The folder of the checkout. */
  readonly folder: string;
  readonly pipeline: { readonly id: string; readonly url: string };
  readonly url: string;
  readonly commit: string;
  /** The branch is protected; only then does the job get protected variables. */
  readonly protected: boolean;
  readonly environmentUrl: string | undefined;
  readonly mergeRequest: MergeRequest | undefined;
}

/** Reads the facts of this job from GitLab's variables. */
export function readJob(environment: NodeJS.ProcessEnv): GitlabJob {
  const { success, data, error } = jobSchema.safeParse(environment);
  if (!success) throw noJob(error.issues.map(({ path }) => String(path[0])));
  const { CI_ENVIRONMENT_URL: environmentUrl = "" } = data;
  return {
    api: data.CI_API_V4_URL,
    project: { id: data.CI_PROJECT_ID, path: data.CI_PROJECT_PATH },
    folder: data.CI_PROJECT_DIR,
    pipeline: { id: data.CI_PIPELINE_ID, url: data.CI_PIPELINE_URL },
    url: data.CI_JOB_URL,
    commit: data.CI_COMMIT_SHORT_SHA,
    protected: data.CI_COMMIT_REF_PROTECTED === "true",
    environmentUrl: environmentUrl === "" ? undefined : environmentUrl,
    mergeRequest: mergeRequestOf(data),
  };
}

function mergeRequestOf(data: z.output<typeof jobSchema>): MergeRequest | undefined {
  const { CI_MERGE_REQUEST_IID: iid = "", CI_MERGE_REQUEST_PROJECT_ID: project = data.CI_PROJECT_ID } = data;
  if (iid === "") return undefined;
  const source = data.CI_MERGE_REQUEST_SOURCE_PROJECT_ID ?? project;
  const path = data.CI_MERGE_REQUEST_SOURCE_PROJECT_PATH ?? `project ${source}`;
  return { iid, project, fork: source === project ? undefined : path };
}

function noJob(missing: readonly string[]): UserError {
  const what = "is missing or invalid, so this is not a GitLab job";
  return new UserError({ path: missing.join(", "), what, todo: "run this in a job of a GitLab pipeline" });
}
