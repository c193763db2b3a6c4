import { z } from "zod";
import { GitlabApi, anyToken } from "./api.ts";
import type { GitlabJob } from "./job.ts";
import { note } from "../output.ts";
import { UserError } from "../../model/problem.ts";

/** A deployment that ended well: the job that made it, and that job's pipeline. */
interface PastDeployment {
  readonly job: number;
  readonly pipeline: number;
}

const schema = z.array(
  z.object({ deployable: z.object({ id: z.number(), pipeline: z.object({ id: z.number() }) }).nullish() }),
);

/** A manual job may be given this variable, to deploy what is older than what runs. */
export const rollbackVariable = "SLIPWAY_ROLLBACK";

/** The last deployments of an environment that ended well, the newest first. */
export async function deploymentsOf(api: GitlabApi, job: GitlabJob, environment: string): Promise<PastDeployment[]> {
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

/** Refuses to put an older pipeline's state over a newer one's (F93). A pipeline that has deployed before may do so again: that is how GitLab goes back. */
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

/** That GitLab cannot be asked keeps nobody from deploying; the lease and the lock are what keeps deployments apart. */
async function lastDeployments(api: GitlabApi, job: GitlabJob, stack: string): Promise<readonly PastDeployment[]> {
  try {
    return await deploymentsOf(api, job, stack);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    note(`whether a newer pipeline has deployed ${stack} is not known: ${error.message}`);
    return [];
  }
}
