import { writeFileSync } from "node:fs";
import { describeProblem, UserError, type Problem } from "../../model/problem.ts";
import { planMarkdown } from "../../model/report/markdown.ts";
import { readPrintedPlan, type PrintedPlan } from "../../model/report/printed-plan.ts";
import { planTable } from "../../model/report/table.ts";
import type { Call, Command } from "../commands/command.ts";
import { planByPreview, planFromFiles, requireSaved, type Planned } from "../commands/plan.ts";
import { exitCodes } from "../exit-code.ts";
import { fetchPublished } from "./deployments.ts";
import { readJob, type GitlabJob } from "./job.ts";
import { explainMissing, missingKeys } from "./keys.ts";
import { StackReports } from "./reports.ts";
import { oneStack } from "../one-stack.ts";
import { note, print, printError } from "../output.ts";

/** `slipway gitlab preview`: plans one stack, and leaves what the merge request shows of it. */
export const gitlabPreview: Command = {
  name: "gitlab preview",
  usage: "--stack <stack> [--offline]",
  summary: "previews a stack in a job, and leaves reports for the merge request",
  details: [
    "",
    "It leaves the plan in slipway-reports, as JSON and Markdown, the counts for GitLab's widget, and links.",
    "Outside of a merge request it also keeps the plan for `slipway gitlab deploy --held true`.",
    "With --offline it plans without engine, server and secrets, beside what the stack's last deployment published.",
    `The exit code is ${exitCodes.notChecked} where the job was not given the keys that a preview needs; it says why.`,
  ],
  run: preview,
};

/** The preview of one stack in one job. */
interface StackPreview {
  readonly call: Call;
  readonly stack: string;
  readonly job: GitlabJob;
  readonly reports: StackReports;
}

async function preview(given: Call): Promise<number> {
  const offline = wantsOffline(given);
  const [stack, job] = [oneStack(given), readJob(given.environment)];
  const call = { ...given, stack };
  const one = { call, stack, job, reports: new StackReports(job, stack) };
  one.reports.link("plan.md", "the plan");
  const missing = offline ? [] : missingKeys(call, stack);
  return missing.length > 0 ? refuse(one, missing) : report(one, await plan(one, offline));
}

function wantsOffline({ words }: Call): boolean {
  if (words.length === 0) return false;
  if (words.length === 1 && words[0] === "--offline") return true;
  const what = `knows no option but --offline, got '${words.join(" ")}'`;
  throw new UserError({ path: "slipway gitlab preview", what, todo: "see its --help" }, { usage: true });
}

function refuse({ job, stack, reports }: StackPreview, missing: readonly string[]): number {
  const lines = explainMissing(missing, job, stack);
  lines.forEach(note);
  reports.say([`### \`${stack}\`: not previewed`, ...lines].join("\n\n"));
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

/** The plan of the last deployment, if GitLab has it. */
async function published({ call, stack, job }: StackPreview): Promise<PrintedPlan | undefined> {
  const fetched = await fetchPublished(job, stack, call.environment);
  if ("why" in fetched) {
    note(`the plan is held against nothing: ${fetched.why}`);
    return undefined;
  }
  const plan = readPrintedPlan(fetched.text);
  if (plan !== undefined) return plan;
  const what = "its last deployment published a plan of another version of slipway";
  throw new UserError({ path: stack, what, todo: "deploy it once with this version" });
}

function report({ job, stack, reports }: StackPreview, planned: Planned): number {
  if ("problems" in planned) {
    reports.say(withoutPlan(planned.problems, job, stack));
    return exitCodes.refused;
  }
  const { plan } = planned;
  writeFileSync(reports.plan, `${JSON.stringify(plan, undefined, 2)}\n`);
  reports.say(planMarkdown(plan));
  reports.count(plan);
  print(planTable(plan));
  return exitCodes.done;
}

/** The section of a note for a stack without a plan: each problem in one line, and where to read the rest. */
function withoutPlan(problems: readonly Problem[], { url }: GitlabJob, stack: string): string {
  const lines = problems.map((problem) => `- ${describeProblem(problem)}`);
  const list = lines.length === 0 ? [] : ["", "```text", ...lines, "```"];
  return [`### \`${stack}\`: no plan`, "", `[The job](${url}) ended with ${exitCodes.refused}.`, ...list].join("\n");
}
