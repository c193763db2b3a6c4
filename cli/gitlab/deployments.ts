import { z } from "zod";
import { anyToken, GitlabApi, projectToken } from "./api.ts";
import { tokenVariable, type GitlabJob } from "./job.ts";
import { reportPath } from "./report-folder.ts";
import { log } from "../output.ts";
import { UserError } from "../../model/problem.ts";

/** A successful deployment: its job, and the pipeline of the job. */
interface PastDeployment {
  readonly job: number;
  readonly pipeline: number;
}

const schema = z.array(
  z.object({ deployable: z.object({ id: z.number(), pipeline: z.object({ id: z.number() }) }).nullish() }),
);

/** The variable with which a person lets a job deploy an older state than the one that runs. */
export const rollbackVariable = "SLIPWAY_ROLLBACK";

/** The last successful deployments of an environment, the newest first. */
async function deploymentsOf(api: GitlabApi, job: GitlabJob, environment: string): Promise<PastDeployment[]> {
  const query = new URLSearchParams({
    environment,
    status: "success",
    order_by: "finished_at",
    sort: "desc",
    per_page: "100",
  });
  const path = `projects/${encodeURIComponent(job.project.id)}/deployments?${query.toString()}`;
  const all = await api.ask(schema, { path });
  return all.flatMap(({ deployable }) =>
    deployable == null ? [] : [{ job: deployable.id, pipeline: deployable.pipeline.id }],
  );
}

/**
 * Refuses to replace a newer pipeline's deployment by an older one's (F93). A pipeline that has deployed before may do
 * so again: that is how GitLab goes back.
 */
export async function requireNewest(job: GitlabJob, stack: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const token = anyToken(environment);
  if (token === undefined || environment[rollbackVariable] === "yes") return;
  const deployments = await lastDeployments(new GitlabApi(job.api, token), job, stack);
  const [newest] = deployments;
  const own = Number(job.pipeline.id);
  if (newest === undefined || newest.pipeline <= own || deployments.some(({ pipeline }) => pipeline === own)) return;
  const what = `pipeline ${newest.pipeline}, which is newer, has deployed already, got '${own}'`;
  const todo = `start the job of that pipeline; to go back on purpose, give this job ${rollbackVariable}=yes`;
  throw new UserError({ path: stack, what, todo });
}

/** A deployment goes on even if GitLab does not answer, since lease and lock keep deployments apart. */
async function lastDeployments(api: GitlabApi, job: GitlabJob, stack: string): Promise<readonly PastDeployment[]> {
  try {
    return await deploymentsOf(api, job, stack);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    log(`whether a newer pipeline has deployed ${stack} is not known: ${error.message}`);
    return [];
  }
}

/** The text of the plan that a stack's last deployment published, or why there is none. */
type PublishedText = { readonly text: string } | { readonly why: string };

/**
 * Fetches the plan that a stack's last deployment left among its artifacts. It needs a project access token: a job's
 * own token may read artifacts only in GitLab's paid tiers.
 */
export async function fetchPublished(
  job: GitlabJob,
  stack: string,
  environment: NodeJS.ProcessEnv,
): Promise<PublishedText> {
  const token = projectToken(environment);
  if (token === undefined) return { why: `${tokenVariable} is not set, without which artifacts cannot be read` };
  const api = new GitlabApi(job.api, token);
  try {
    const [last] = await deploymentsOf(api, job, stack);
    if (last === undefined) return { why: `GitLab knows of no deployment of ${stack}` };
    const text = await api.file(artifactPath(job, last.job, stack));
    if (text === undefined) return { why: `job ${last.job}, which deployed ${stack} last, has left no plan` };
    return { text };
  } catch (error) {
    if (error instanceof UserError) return { why: error.message };
    throw error;
  }
}

function artifactPath({ project }: GitlabJob, job: number, stack: string): string {
  return `projects/${encodeURIComponent(project.id)}/jobs/${job}/artifacts/${reportPath(stack, "plan.json")}`;
}
