import { existsSync, readFileSync, rmSync } from "node:fs";
import { readOffline } from "../../config/offline.ts";
import { savePlanVariable } from "../../config/plan-variables.ts";
import { planOffline } from "../../model/report/offline-plan.ts";
import { readPrintedPlan, type PrintedPlan } from "../../model/report/printed-plan.ts";
import { configurationError, UserError, type Problem } from "../../model/problem.ts";
import { planMarkdown } from "../../model/report/markdown.ts";
import { planTable } from "../../model/report/table.ts";
import type { Call, Command } from "./command.ts";
import { exitCodes } from "../exit-code.ts";
import { oneStack } from "../one-stack.ts";
import { note, print } from "../output.ts";
import { planOptions, type PlanOptions } from "./plan-options.ts";
import { runPreview } from "../preview.ts";

/** `slipway plan`: what `up` would do, for people, for programs, for a merge request, and to be held to. */
export const plan: Command = {
  name: "plan",
  usage: "[--json | --markdown] [--save <file> | --offline [--against <plan.json>]]",
  summary: "prints what up would change, what that costs, and which services restart for it",
  details: [
    "",
    "It runs `pulumi preview` and prints its plan: as a table, with --json as one object for programs, with --markdown as a note for a merge request.",
    "Names and fingerprints stand in it, no value of a secret.",
    "--save keeps the plan in a file; `slipway up --plan <file>` does that and nothing else, and refuses when anything moved.",
    "--offline plans from the files alone, without engine, keys and server, beside the plan that --against names: the JSON that the last deploy left.",
    "docs/plan.md shows how to read it.",
  ],
  run: printThePlan,
};

async function printThePlan(call: Call): Promise<number> {
  const { form, save, offline, against } = planOptions(call);
  if (offline) {
    const published = against === undefined ? undefined : readAgainst(against);
    print(inForm(await planFromFiles(call, published), form));
    return exitCodes.done;
  }
  const planned = await planByPreview(call, save);
  if ("problems" in planned) return exitCodes.refused; // pulumi's own 3 and 4 mean something else than slipway's
  print(inForm(planned.plan, form));
  requireSaved(save);
  return exitCodes.done;
}

/** A plan, or the problems that prevent one. */
export type Planned = { readonly plan: PrintedPlan } | { readonly problems: readonly Problem[] };

/** Plans by `pulumi preview`, and saves the plan if a file for it is named. Where there is no plan, it shows what Pulumi wrote. */
export async function planByPreview(call: Call, save: string | undefined): Promise<Planned> {
  // A plan that an earlier run saved is not this run's.
  if (save !== undefined) rmSync(save, { force: true });
  const environment = save === undefined ? call.environment : { ...call.environment, [savePlanVariable]: save };
  const { ended, plan, problems } = await runPreview({ ...call, environment });
  if (ended.code === 0 && plan !== undefined) return { plan: parsePlan(plan) };
  note(ended.stdout + ended.stderr);
  return { problems };
}

/** Refuses a plan that was to be saved and could not be. */
export function requireSaved(save: string | undefined): void {
  if (save === undefined || existsSync(save)) return;
  const what = "the plan was made without having seen the server, and holds nothing";
  throw new UserError({ path: "--save", what, todo: "make sure that the server can be reached, and plan again" });
}

function parsePlan(text: string): PrintedPlan {
  const plan = readPrintedPlan(text);
  if (plan === undefined) throw new Error("the program wrote a plan of another version");
  return plan;
}

/** Plans from the files alone, and compares the plan with the one that the last deploy published. */
export async function planFromFiles(call: Call, published: PrintedPlan | undefined): Promise<PrintedPlan> {
  const { folder, environment } = call;
  const read = await readOffline({ folder, stack: oneStack(call), environment });
  const { deployment, unknown, problems } = read;
  if (deployment === undefined || problems.length > 0) throw configurationError(problems);
  const { source, configured, own } = read.variables;
  const namesKnown = source.names === "known";
  return planOffline({ deployment, unknown, namesKnown, plain: { ...configured, ...own } }, published);
}

function readAgainst(file: string): PrintedPlan {
  const todo = "name the JSON that `slipway plan --json` printed, or that a deploy left";
  if (!existsSync(file)) throw new UserError({ path: "--against", what: `there is no such file, got '${file}'`, todo });
  const published = readPrintedPlan(readFileSync(file, "utf8"));
  if (published !== undefined) return published;
  throw new UserError({ path: "--against", what: `is no plan of this version of slipway, got '${file}'`, todo });
}

function inForm(printed: PrintedPlan, form: PlanOptions["form"]): string {
  if (form === "json") return JSON.stringify(printed, undefined, 2);
  return (form === "markdown" ? planMarkdown(printed) : planTable(printed)).trimEnd();
}
