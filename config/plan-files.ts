import { readFileSync, writeFileSync } from "node:fs";
import type { Stack } from "../model/stack/stack.ts";
import { driftReport, hostDrift } from "../model/report/drift.ts";
import { movedSince } from "../model/report/moved-plan.ts";
import type { Observation } from "../model/facts/observation.ts";
import type { Plan } from "../model/plan/plan.ts";
import type { PrintedPlan } from "../model/report/printed-plan.ts";
import { UserError, type Problem } from "../model/problem.ts";
import { readSavedPlan, savePlan, type SavedPlan } from "../model/plan/saved-plan.ts";
import { driftFileVariable, planFileVariable, savedFileVariable, saveFileVariable } from "./plan-variables.ts";

/** Leaves the plan for whoever asked for it, and does nothing where nobody did. */
export function leavePlan(plan: PrintedPlan, environment: NodeJS.ProcessEnv): void {
  leave(environment[planFileVariable], plan);
}

/** Keeps the plan for whoever asked for it; one that was made without the server holds nothing. */
export function keepPlan(plan: Plan, environment: NodeJS.ProcessEnv): void {
  const saved = savePlan(plan);
  if (saved !== undefined) leave(environment[saveFileVariable], saved);
}

/** Writes the drift of a stack before anything is planned: a server whose data is gone cannot be planned, and has drifted most. */
export function leaveDrift({ name, hosts }: Stack, found: Observations, environment: NodeJS.ProcessEnv): void {
  const drifts = Object.values(hosts).flatMap((host) => {
    const observation = found[host.name];
    return observation === undefined ? [] : [[host.name, hostDrift(host.connection.host, observation)] as const];
  });
  const all = drifts.length === Object.keys(hosts).length;
  if (all) leave(environment[driftFileVariable], driftReport(name, Object.fromEntries(drifts)));
}

/** By name of the host. */
type Observations = Readonly<Record<string, Observation | undefined>>;

/** The plan, if it is the one that was agreed to, or if none was; else everything that moved is thrown. */
export function asAgreed(plan: Plan, environment: NodeJS.ProcessEnv): Plan {
  const file = environment[savedFileVariable];
  if (file === undefined || file === "") return plan;
  const problems = movedSince(readAgreed(file), plan);
  if (problems.length > 0)
    throw new UserError(problems, { heading: "the plan that was saved does not hold any more:" });
  return plan;
}

function readAgreed(file: string): SavedPlan {
  const text = readText(file);
  if (text === undefined)
    throw refusal({
      path: savedFileVariable,
      what: `names no file that can be read, got '${file}'`,
      todo: "name a file that `slipway plan --save` made",
    });
  const saved = readSavedPlan(text);
  if (saved !== undefined) return saved;
  throw refusal({ path: file, what: "is no saved plan, or was changed", todo: "make it with `slipway plan --save`" });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function refusal(problem: Problem): UserError {
  return new UserError(problem, { heading: "the saved plan cannot be used:" });
}

function leave(file: string | undefined, data: object): void {
  if (file === undefined || file === "") return;
  writeFileSync(file, `${JSON.stringify(data, undefined, 2)}\n`, { mode: 0o600 });
}
