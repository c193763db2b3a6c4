import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPrintedPlan } from "../../model/report/printed-plan.ts";
import { planMarkdown } from "../../model/report/markdown.ts";
import { planTable } from "../../model/report/table.ts";
import { checkout } from "../../toolchain/paths.ts";
import { runChild, type Ended } from "../../process/child.ts";
import type { Call, Command } from "../commands/command.ts";
import { exitCodes } from "../exit-code.ts";
import { readJob, type GitlabJob } from "./job.ts";
import { explainMissing, missingKeys } from "./keys.ts";
import { fetchPublished } from "./published.ts";
import { StackReports } from "./reports.ts";
import { oneStack } from "../one-stack.ts";
import { note, print } from "../output.ts";
import { UserError } from "../../model/problem.ts";

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

/** One preview in one job. */
interface Look {
  readonly call: Call;
  readonly stack: string;
  readonly job: GitlabJob;
  readonly reports: StackReports;
}

async function preview(call: Call): Promise<number> {
  const offline = wantsOffline(call);
  const [stack, job] = [oneStack(call), readJob(call.environment)];
  const look = { call, stack, job, reports: new StackReports(job, stack) };
  look.reports.link("plan.md", "the plan");
  const missing = offline ? [] : missingKeys(call, stack);
  if (missing.length > 0) return refuse(look, missing);
  const folder = mkdtempSync(join(tmpdir(), "slipway-published-"));
  try {
    return await makePlan(look, offline ? await offlineWords(look, join(folder, "plan.json")) : savingWords(look));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wantsOffline({ words }: Call): boolean {
  if (words.length === 0) return false;
  if (words.length === 1 && words[0] === "--offline") return true;
  const what = `knows no option but --offline, got '${words.join(" ")}'`;
  throw new UserError({ path: "slipway gitlab preview", what, todo: "see its --help" }, { usage: true });
}

function refuse({ job, stack, reports }: Look, missing: readonly string[]): number {
  const lines = explainMissing(missing, job, stack);
  lines.forEach(note);
  reports.say([`### \`${stack}\`: not previewed`, ...lines].join("\n\n"));
  return exitCodes.notChecked;
}

/** Before a deployment the plan is kept, so that the deployment can be held to it. */
function savingWords({ job, reports }: Look): readonly string[] {
  return job.mergeRequest === undefined ? ["--save", reports.saved] : [];
}

async function offlineWords({ call, stack, job }: Look, file: string): Promise<readonly string[]> {
  const published = await fetchPublished(call, job, stack, file);
  if ("file" in published) return ["--offline", "--against", published.file];
  note(`the plan is held against nothing: ${published.why}`);
  return ["--offline"];
}

async function makePlan({ call, stack, job, reports }: Look, words: readonly string[]): Promise<number> {
  const slipway = [process.execPath, join(checkout, "cli", "main.ts"), "--cwd", call.folder, "--stack", stack];
  const ended = await runChild([...slipway, "plan", "--json", ...words], { env: call.environment });
  process.stderr.write(ended.stderr);
  if (ended.code !== 0) {
    reports.say(failure(ended, job, stack));
    return ended.code;
  }
  const plan = readPrintedPlan(ended.stdout);
  if (plan === undefined) throw new Error("slipway plan printed no plan");
  writeFileSync(reports.plan, ended.stdout);
  reports.say(planMarkdown(plan));
  reports.count(plan);
  print(planTable(plan));
  return exitCodes.done;
}

/** What the note says where there is no plan: the problems that were told, each in one line, and where to read the rest. */
function failure({ code, stderr }: Ended, { url }: GitlabJob, stack: string): string {
  const problems = stderr.split("\n").filter((line) => /^\s*- \S+: .+; .+/.test(line));
  const told = problems.length === 0 ? [] : ["", "```text", ...problems.map((line) => line.trim()), "```"];
  return [`### \`${stack}\`: no plan`, "", `[The job](${url}) ended with ${code}.`, ...told].join("\n");
}
