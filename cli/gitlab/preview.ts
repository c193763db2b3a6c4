import { ensureKeysOpenNoProtectedStack } from "../../config/shared-keys.ts";
import { describeProblem, UserError, type Problem } from "../../model/problem.ts";
import { codeSpan, planMarkdown } from "../../model/report/markdown.ts";
import { readPrintedPlan, type PrintedPlan } from "../../model/report/printed-plan.ts";
import { planLines } from "../../model/report/table.ts";
import * as declared from "../declaration/gitlab.ts";
import { command, type Call, type CallOf } from "../commands/command.ts";
import { planByPreview, planFromFiles, requireSaved, type Planned } from "../commands/plan.ts";
import { exitCodes } from "../exit-code.ts";
import { fetchPublished } from "./deployments.ts";
import { readJob, type GitlabJob } from "./job.ts";
import { explainMissing, missingKeys } from "./keys.ts";
import { StackReports } from "./reports.ts";
import { hasObserveKey } from "../stack/server-facts.ts";
import { requireStackName } from "../stack/stack-name.ts";
import { log, print, printError } from "../output.ts";

/** `slipway gitlab preview`: plans one stack, and writes the reports that the merge request shows. */
export const gitlabPreview = command(declared.gitlabPreview, preview);

/** The preview of one stack in one job. */
interface StackPreview {
  readonly call: Call;
  readonly stack: string;
  readonly job: GitlabJob;
  readonly reports: StackReports;
}

async function preview(given: CallOf<typeof declared.gitlabPreview>): Promise<number> {
  const { offline = false } = given.options;
  const [stack, job] = [requireStackName(given), readJob(given.environment)];
  const call = { ...given, stack };
  const one = { call, stack, job, reports: new StackReports(job, stack, "preview") };
  one.reports.writeLinks("plan.md", "the plan");
  const unsafe = offline || job.mergeRequest === undefined ? [] : unsafeKeys(call, stack);
  if (unsafe.length > 0) return report(one, { problems: unsafe });
  const missing = offline ? [] : missingKeys(call, stack);
  return missing.length > 0 ? refuse(one, missing) : report(one, await plan(one, offline));
}

/** Anyone who may push a branch runs code with the keys of a merge request's job. */
function unsafeKeys({ folder, environment }: Call, stack: string): readonly Problem[] {
  const problems = ensureKeysOpenNoProtectedStack(folder, stack, environment);
  if (problems.length > 0) printError(new UserError(problems));
  return problems;
}

function refuse({ job, stack, reports }: StackPreview, missing: readonly string[]): number {
  const lines = explainMissing(missing, job, stack);
  lines.forEach(log);
  reports.writeSection([`### \`${stack}\`: not previewed`, ...lines].join("\n\n"));
  return exitCodes.notChecked;
}

async function plan(preview: StackPreview, offline: boolean): Promise<Planned> {
  try {
    if (offline) return { plan: await planFromFiles(preview.call, await published(preview)) };
    return await planOnServer(preview);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    printError(error);
    return { problems: error.problems };
  }
}

/** Before a deployment the plan is saved, so that the deployment can be held to it. */
async function planOnServer({ call, job, reports }: StackPreview): Promise<Planned> {
  const save = job.mergeRequest === undefined ? reports.saved : undefined;
  const planned = await planByPreview(call, save);
  if ("plan" in planned) requireSaved(save);
  return planned;
}

/** The plan of the last deployment, if GitLab has it. With the facts of servers a plan can do without. */
async function published({ call, stack, job }: StackPreview): Promise<PrintedPlan | undefined> {
  const fetched = await fetchPublished(job, stack, call.environment);
  const plan = "why" in fetched ? undefined : readPrintedPlan(fetched.text);
  if (plan !== undefined) return plan;
  const what = "its last deployment published a plan of another version of slipway";
  const why = "why" in fetched ? fetched.why : what;
  if (hasObserveKey(call.environment)) log(`there is no published plan to compare plain variables with: ${why}`);
  else if ("why" in fetched) log(`the plan is compared with nothing: ${why}`);
  else throw new UserError({ path: stack, what, todo: "deploy it once with this version" });
  return undefined;
}

function report({ job, stack, reports }: StackPreview, planned: Planned): number {
  if ("problems" in planned) {
    reports.writeSection(problemsSection(planned.problems, job, stack));
    return exitCodes.refused;
  }
  const { plan } = planned;
  reports.writePlan(plan);
  reports.writeSection(planMarkdown(plan));
  reports.writeCounts(plan);
  planLines(plan).forEach((line) => print(line));
  return exitCodes.done;
}

/** The section for a stack without a plan: each problem in one line, and a link to the rest. */
function problemsSection(problems: readonly Problem[], { url }: GitlabJob, stack: string): string {
  const lines = problems.map((problem) => `- ${codeSpan(describeProblem(problem))}`);
  const list = lines.length === 0 ? [] : ["", ...lines];
  return [`### ${codeSpan(stack)}: no plan`, "", `[The job](${url}) ended with ${exitCodes.refused}.`, ...list].join(
    "\n",
  );
}
