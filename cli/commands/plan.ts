import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { readOffline } from "../../config/offline.ts";
import { plainVariables } from "../../config/variables/stack-variables.ts";
import { savePlanVariable } from "../../config/plan-variables.ts";
import { readTextFile, requireReplaceable } from "../../config/whole-file.ts";
import { configurationError, UserError, type Problem } from "../../model/problem.ts";
import { planMarkdown } from "../../model/report/markdown.ts";
import { planOffline } from "../../model/report/offline-plan.ts";
import { readPrintedPlan, type PrintedPlan } from "../../model/report/printed-plan.ts";
import { planLines } from "../../model/report/table.ts";
import { observerUser } from "../../remote/slipway-root.ts";
import { exitCodes } from "../exit-code.ts";
import { usageError, type Values } from "../options.ts";
import { log, print } from "../output.ts";
import { explainedFault } from "../pulumi.ts";
import { runPreview } from "../preview.ts";
import { hasObserveKey, serverFacts } from "../stack/server-facts.ts";
import { requireStackName } from "../stack/stack-name.ts";
import * as declared from "../declaration/plans.ts";
import { command, type Answer, type Call, type CallOf } from "./command.ts";

/** `slipway plan`: prints the changes of an `up` for people, for programs or for a merge request, and saves them. */
export const plan = command(declared.plan, printThePlan);

async function printThePlan(call: CallOf<typeof declared.plan>): Promise<Answer> {
  const { markdown = false, save, offline = false, against } = checkedOptions(call.options);
  if (offline) {
    const published = against === undefined ? undefined : readPublished(against);
    return answerWith(await planFromFiles(call, published), markdown);
  }
  const planned = await planByPreview(call, save === undefined ? undefined : resolve(save));
  if ("problems" in planned) return { ...refusal(planned.problems), show: () => undefined };
  requireSaved(save);
  return answerWith(planned.plan, markdown);
}

/** Refuses options that contradict each other. */
export function checkedOptions(options: Values<typeof declared.plan.options>): Values<typeof declared.plan.options> {
  const { json = false, markdown = false, save, offline = false, against } = options;
  if (json && markdown) throw usageError("--markdown", "is another form than --json", "choose one of them");
  if (against !== undefined && !offline)
    throw usageError("--against", "is for --offline alone", "add --offline, or leave it out");
  if (save !== undefined && offline) {
    const what = "saves a plan that was made with the server, and --offline plans without it";
    throw usageError("--save", what, "leave one of them out");
  }
  return options;
}

/** The result of a plan that there is not; Pulumi's output was shown, which says why. */
function refusal(problems: readonly Problem[]): Pick<Answer, "exitCode" | "json"> {
  const exitCode = exitCodes.refused; // pulumi's codes 3 and 4 have other meanings than slipway's
  const byPulumi = { path: "pulumi preview", what: "failed", todo: "see the messages on stderr" };
  return { exitCode, json: { exitCode, problems: problems.length === 0 ? [byPulumi] : problems } };
}

function answerWith(plan: PrintedPlan, markdown: boolean): Answer {
  const show = (): void =>
    markdown ? print(planMarkdown(plan).trimEnd()) : planLines(plan).forEach((line) => print(line));
  return { exitCode: exitCodes.done, json: plan, show };
}

/** A plan, or the problems that prevent one. */
export type Planned = { readonly plan: PrintedPlan } | { readonly problems: readonly Problem[] };

/**
 * Plans by `pulumi preview`, and saves the plan if a file is given for it. If there is no plan, it shows Pulumi's
 * output, which names the problems.
 */
export async function planByPreview(call: Call, save: string | undefined): Promise<Planned> {
  if (save !== undefined) {
    requireReplaceable(save, "--save");
    rmSync(save, { force: true }); // a plan that an earlier run saved must not be taken for this run's
  }
  const environment = save === undefined ? call.environment : { ...call.environment, [savePlanVariable]: save };
  const { ended, plan, problems } = await runPreview({ ...call, environment });
  if (ended.code === 0 && plan !== undefined) return { plan: parsePlan(plan) };
  const fault = problems.length === 0 ? explainedFault(ended.stderr, call) : undefined;
  if (fault !== undefined) throw fault;
  log(ended.stdout + ended.stderr);
  return { problems };
}

/** Refuses a plan that was to be saved and could not be. */
export function requireSaved(save: string | undefined): void {
  if (save === undefined || existsSync(save)) return;
  const what = "the plan was made without the server, so it cannot be saved";
  throw new UserError({ path: "--save", what, todo: "make sure that the server can be reached, and plan again" });
}

function parsePlan(text: string): PrintedPlan {
  const plan = readPrintedPlan(text);
  if (plan === undefined) throw new Error("the program wrote a plan of another version");
  return plan;
}

/**
 * Plans from the files, and compares the plan with what is deployed: the facts of the servers if there is a key that
 * only observes, and the plan that the last deployment published.
 */
export async function planFromFiles(call: Call, published: PrintedPlan | undefined): Promise<PrintedPlan> {
  const { folder, environment } = call;
  const user = hasObserveKey(environment) ? observerUser : undefined;
  const offline = await readOffline({ folder, stack: requireStackName(call), environment, user });
  const { read, unknown, problems } = offline;
  if (read === undefined || problems.length > 0) throw configurationError(problems);
  const { deployment, stack } = read;
  const { variables } = offline;
  const observations = await serverFacts(stack, offline, environment);
  const namesKnown = variables.source.names === "known";
  const readStack = { deployment, unknown, namesKnown, plain: plainVariables(variables) };
  return planOffline(readStack, { published, observations });
}

function readPublished(file: string): PrintedPlan {
  const todo = "name the JSON that `slipway plan --json` printed, or that a deployment left";
  const text = readTextFile(file, "--against");
  if (text === undefined)
    throw new UserError({ path: "--against", what: `there is no such file, got '${file}'`, todo });
  const published = readPrintedPlan(text);
  if (published !== undefined) return published;
  throw new UserError({ path: "--against", what: `is not a plan of this version of slipway, got '${file}'`, todo });
}
