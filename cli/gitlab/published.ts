import { writeFileSync } from "node:fs";
import type { Call } from "../commands/command.ts";
import { GitlabApi, projectToken } from "./api.ts";
import { deploymentsOf } from "./deployments.ts";
import { tokenVariable, type GitlabJob } from "./job.ts";
import { reportPath } from "./reports.ts";
import { UserError } from "../../model/problem.ts";

/** The plan that a stack's last deployment published, or why it cannot be had. */
type PublishedPlan = { readonly file: string } | { readonly why: string };

/** Fetches the plan that the last deployment of a stack left among its artifacts. A job's own token may read artifacts only in GitLab's paid tiers. */
export async function fetchPublished(
  { environment }: Call,
  job: GitlabJob,
  stack: string,
  file: string,
): Promise<PublishedPlan> {
  const token = projectToken(environment);
  if (token === undefined) return { why: `${tokenVariable} is not set, without which artifacts cannot be read` };
  const api = new GitlabApi(job.api, token);
  try {
    const [last] = await deploymentsOf(api, job, stack);
    if (last === undefined) return { why: `GitLab knows of no deployment of ${stack}` };
    const text = await api.file(artifact(job, last.job, stack));
    if (text === undefined) return { why: `job ${last.job}, which deployed ${stack} last, has left no plan` };
    writeFileSync(file, text);
    return { file };
  } catch (error) {
    if (error instanceof UserError) return { why: error.message };
    throw error;
  }
}

function artifact({ project }: GitlabJob, job: number, stack: string): string {
  return `projects/${encodeURIComponent(project.id)}/jobs/${job}/artifacts/${reportPath(stack, "plan.json")}`;
}
