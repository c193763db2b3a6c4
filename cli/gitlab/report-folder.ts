import { existsSync, lstatSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openRepository } from "../../config/repository.ts";
import { UserError } from "../../model/problem.ts";
import type { GitlabJob } from "./job.ts";

/** The folder, in the checkout, of all files that jobs leave for GitLab and for each other. The templates name it. */
const reportsFolder = "slipway-reports";

/** The files of one stack. */
export type ReportFile = "plan.md" | "plan.json" | "terraform.json" | "links.json" | "outputs.env" | "saved.json";

/** The path of a stack's file among the artifacts. */
export function reportPath(stack: string, file: ReportFile): string {
  return `${stackFolder(stack)}/${file}`;
}

/** The path of a stack's folder among the artifacts. */
export function stackFolder(stack: string): string {
  return `${reportsFolder}/${stack}`;
}

/**
 * Refuses reports that may come from the author of the merge request and not from a job: those that git tracks, and
 * those of folders that are links.
 *
 * @param stack the stack whose folder is checked as well
 */
export function requireReportsOfJobs(job: GitlabJob, stack?: string): void {
  for (const path of [reportsFolder, ...(stack === undefined ? [] : [stackFolder(stack)])]) {
    if (lstatSync(join(job.folder, path), { throwIfNoEntry: false })?.isDirectory() === false)
      throw new UserError({ path, what: "is not a real folder", todo: "remove it, since only jobs write there" });
  }
  const entry = openRepository(job.folder).entry(reportsFolder);
  const [first] = entry.kind === "folder" ? entry.tracked : [];
  if (first === undefined) return;
  const todo = "remove it from the repository, since only jobs write into this folder";
  throw new UserError({ path: reportsFolder, what: `is tracked by git, got '${first.path}'`, todo });
}

/** Tells whether there is a regular file, not a link. */
export function isRegularFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Reads the sections that the earlier jobs of a pipeline wrote, sorted by stack. */
export function readSections(job: GitlabJob): string[] {
  requireReportsOfJobs(job);
  const folder = join(job.folder, reportsFolder);
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  const stacks = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return stacks.sort().flatMap((stack) => {
    const file = join(job.folder, reportPath(stack, "plan.md"));
    return isRegularFile(file) ? [readFileSync(file, "utf8")] : [];
  });
}
