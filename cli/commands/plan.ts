import { existsSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { readOffline } from "../../config/offline.ts";
import { writePlanVariable, savePlanVariable } from "../../config/plan-variables.ts";
import { planOffline } from "../../model/report/offline-plan.ts";
import { readPrintedPlan, type PrintedPlan } from "../../model/report/printed-plan.ts";
import { UserError, configurationError } from "../../model/problem.ts";
import { planMarkdown } from "../../model/report/markdown.ts";
import { planTable } from "../../model/report/table.ts";
import type { Call, Command } from "./command.ts";
import { exitCodes } from "../exit-code.ts";
import { oneStack } from "../one-stack.ts";
import { note, print } from "../output.ts";
import { planOptions, type PlanOptions } from "./plan-options.ts";
import { previewFor } from "../previewed.ts";

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
  const options = planOptions(call);
  if (!options.offline) return await printPreviewed(call, options);
  const printed = await offlinePlan(call, options.against);
  print(inForm(printed, options.form));
  return 0;
}

async function printPreviewed(call: Call, { form, save }: PlanOptions): Promise<number> {
  const kept = save === undefined ? undefined : resolve(save);
  // A plan of an earlier run must not be taken for this one's.
  if (kept !== undefined) rmSync(kept, { force: true });
  const environment = kept === undefined ? call.environment : { ...call.environment, [savePlanVariable]: kept };
  const { ended, left } = await previewFor({ ...call, environment }, writePlanVariable);
  if (ended.code !== 0 || left === undefined) {
    note(ended.stdout + ended.stderr);
    return exitCodes.refused; // pulumi's own 3 and 4 mean something else than slipway's
  }
  print(form === "json" ? left.trimEnd() : inForm(parsePlan(left), form));
  if (kept !== undefined && !existsSync(kept)) {
    const what = "the plan was made without having seen the server, and holds nothing";
    throw new UserError({ path: "--save", what, todo: "make sure that the server can be reached, and plan again" });
  }
  return 0;
}

function parsePlan(text: string): PrintedPlan {
  const plan = readPrintedPlan(text);
  if (plan === undefined) throw new Error("the program left a plan of another version");
  return plan;
}

async function offlinePlan(call: Call, against: string | undefined): Promise<PrintedPlan> {
  const { folder, environment } = call;
  const read = await readOffline({ folder, stack: oneStack(call), environment });
  const { deployment, unknown, problems } = read;
  if (deployment === undefined || problems.length > 0) throw configurationError(problems);
  const { source, configured, own } = read.variables;
  const stack = { deployment, unknown, namesKnown: source.names === "known", plain: { ...configured, ...own } };
  return planOffline(stack, against === undefined ? undefined : readAgainst(against));
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
