import { existsSync, readFileSync, rmSync } from "node:fs";
import { readOffline } from "../../config/offline.ts";
import { plainVariables } from "../../config/variables/stack-variables.ts";
import { savePlanVariable } from "../../config/plan-variables.ts";
import { configurationError, UserError, type Problem } from "../../model/problem.ts";
import { planMarkdown } from "../../model/report/markdown.ts";
import { planOffline } from "../../model/report/offline-plan.ts";
import { readPrintedPlan, type PrintedPlan } from "../../model/report/printed-plan.ts";
import { planTable } from "../../model/report/table.ts";
import { observerUser } from "../../remote/slipway-root.ts";
import { exitCodes } from "../exit-code.ts";
import { log, print } from "../output.ts";
import { runPreview } from "../preview.ts";
import { hasObserveKey, serverFacts } from "../server-facts.ts";
import { requireStackName } from "../stack-name.ts";
import type { Call, Command } from "./command.ts";
import { planOptions, type PlanOptions } from "./plan-options.ts";

/** `slipway plan`: prints the changes of an `up` for people, for programs or for a merge request, and saves them. */
export const plan: Command = {
  name: "plan",
  usage: "[--json | --markdown] [--save <file> | --offline [--against <plan.json>]]",
  summary: "prints what up would change, what that costs, and which services restart for it",
  details: [
    "",
    "It runs `pulumi preview` and prints its plan: as a table, with --json as one object for programs, with --markdown",
    "as a note for a merge request. The plan holds names and fingerprints of secrets, but no values.",
    "--save saves the plan to a file. `slipway up --plan <file>` carries out this plan, and refuses if anything moved.",
    "--offline plans from the files alone, without engine, keys and server. It compares the plan with the one that",
    "--against names: the JSON that the last deployment left. If SSH_OBSERVE_KEY holds a key that only observes, the",
    "servers are asked with it, and the plan has their facts.",
    "docs/plan.md shows how to read it.",
  ],
  run: printThePlan,
};

async function printThePlan(call: Call): Promise<number> {
  const { form, save, offline, against } = planOptions(call);
  if (offline) {
    const published = against === undefined ? undefined : readPublished(against);
    print(formatted(await planFromFiles(call, published), form));
    return exitCodes.done;
  }
  const planned = await planByPreview(call, save);
  if ("problems" in planned) return exitCodes.refused; // pulumi's codes 3 and 4 have other meanings than slipway's
  print(formatted(planned.plan, form));
  requireSaved(save);
  return exitCodes.done;
}

/** A plan, or the problems that prevent one. */
export type Planned = { readonly plan: PrintedPlan } | { readonly problems: readonly Problem[] };

/**
 * Plans by `pulumi preview`, and saves the plan if a file is given for it. If there is no plan, it shows Pulumi's
 * output, which names the problems.
 */
export async function planByPreview(call: Call, save: string | undefined): Promise<Planned> {
  // A plan that an earlier run saved must not be taken for this run's.
  if (save !== undefined) rmSync(save, { force: true });
  const environment = save === undefined ? call.environment : { ...call.environment, [savePlanVariable]: save };
  const { ended, plan, problems } = await runPreview({ ...call, environment });
  if (ended.code === 0 && plan !== undefined) return { plan: parsePlan(plan) };
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
  if (!existsSync(file)) throw new UserError({ path: "--against", what: `there is no such file, got '${file}'`, todo });
  const published = readPrintedPlan(readFileSync(file, "utf8"));
  if (published !== undefined) return published;
  throw new UserError({ path: "--against", what: `is not a plan of this version of slipway, got '${file}'`, todo });
}

function formatted(plan: PrintedPlan, form: PlanOptions["form"]): string {
  if (form === "json") return JSON.stringify(plan, undefined, 2);
  return (form === "markdown" ? planMarkdown(plan) : planTable(plan)).trimEnd();
}
