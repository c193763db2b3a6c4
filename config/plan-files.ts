import { readFileSync } from "node:fs";
import type { Stack } from "../model/stack/stack.ts";
import { driftReport, hostDrift } from "../model/report/drift.ts";
import { stalePlanProblems } from "../model/report/stale-plan.ts";
import type { Observation } from "../model/facts/observation.ts";
import type { Plan } from "../model/plan/plan.ts";
import type { PrintedPlan } from "../model/report/printed-plan.ts";
import { UserError } from "../model/problem.ts";
import { readSavedPlan, savedPlanOf, type SavedPlan } from "../model/plan/saved-plan.ts";
import {
  requirePlanVariable,
  savePlanVariable,
  writeDriftVariable,
  writePlanVariable,
  writeProblemsVariable,
} from "./plan-variables.ts";
import { replaceFile } from "./whole-file.ts";

/** The files with which the commands of `slipway` and this run exchange plans, drift and problems. */
interface PlanFiles {
  readonly writeProblems: () => void;
  readonly writeDrift: (stack: Stack, found: Observations) => void;
  readonly writePlan: (plan: PrintedPlan) => void;
  readonly writeSavedPlan: (plan: Plan) => void;
  readonly requireSavedPlan: (plan: Plan) => Plan;
}

/** Finds the files that an environment names; a file that it does not name is neither written nor read. */
export function planFiles(environment: NodeJS.ProcessEnv): PlanFiles {
  return {
    writeProblems: () => writeProblems(environment),
    writeDrift: (stack, found) => writeDrift(stack, found, environment),
    writePlan: (plan) => writePlan(plan, environment),
    writeSavedPlan: (plan) => writeSavedPlan(plan, environment),
    requireSavedPlan: (plan) => requireSavedPlan(plan, environment),
  };
}

/** Writes the problems that end this run, if they do, to the file that the environment names. */
function writeProblems(environment: NodeJS.ProcessEnv): void {
  const write = (error: unknown): void => {
    if (!(error instanceof UserError)) return;
    try {
      writeJson(environment, writeProblemsVariable, error.problems);
    } catch {
      // Pulumi prints the problems in any case; a second error would take their place.
    }
  };
  // Pulumi's runner has handlers of its own, which print the error.
  process.prependListener("uncaughtException", write);
  process.prependListener("unhandledRejection", write);
}

/** Writes the plan of a run to the file that the environment names, if it names one. */
function writePlan(plan: PrintedPlan, environment: NodeJS.ProcessEnv): void {
  writeJson(environment, writePlanVariable, plan);
}

/** Saves a plan for an `up` that must carry it out. A plan that was made without the server cannot be saved. */
function writeSavedPlan(plan: Plan, environment: NodeJS.ProcessEnv): void {
  const saved = savedPlanOf(plan);
  if (saved !== undefined) writeJson(environment, savePlanVariable, saved);
}

/** By name of the host. */
type Observations = Readonly<Record<string, Observation | undefined>>;

/**
 * Writes the drift of a stack if all its servers were observed. This comes before any planning: a server that lost its
 * data has drifted most, and cannot be planned.
 */
function writeDrift({ name, hosts }: Stack, found: Observations, environment: NodeJS.ProcessEnv): void {
  const drifts = Object.values(hosts).flatMap((host) => {
    const observation = found[host.name];
    return observation === undefined ? [] : [[host.name, hostDrift(host.connection.host, observation)] as const];
  });
  if (drifts.length < Object.keys(hosts).length) return;
  writeJson(environment, writeDriftVariable, driftReport(name, Object.fromEntries(drifts)));
}

/** Returns the plan if it equals the saved plan, or if none is required; otherwise throws everything that changed. */
function requireSavedPlan(plan: Plan, environment: NodeJS.ProcessEnv): Plan {
  const file = environment[requirePlanVariable];
  if (file === undefined || file === "") return plan;
  const problems = stalePlanProblems(readSavedFile(file), plan);
  if (problems.length === 0) return plan;
  throw new UserError(problems, { heading: "the saved plan is out of date:" });
}

function readSavedFile(file: string): SavedPlan {
  const text = readText(file);
  if (text === undefined) {
    const what = `names no file that can be read, got '${file}'`;
    throw unusable(requirePlanVariable, what, "name a file that `slipway plan --save` made");
  }
  const saved = readSavedPlan(text);
  if (saved !== undefined) return saved;
  throw unusable(file, "is not a saved plan, or was edited", "make it with `slipway plan --save`");
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function unusable(path: string, what: string, todo: string): UserError {
  return new UserError({ path, what, todo }, { heading: "the saved plan cannot be used:" });
}

/** Writes the file that a variable names, as a whole or not at all, for its owner alone. */
function writeJson(environment: NodeJS.ProcessEnv, variable: string, data: object): void {
  const { [variable]: file = "" } = environment;
  if (file === "") return;
  replaceFile(file, `${JSON.stringify(data, undefined, 2)}\n`, { place: variable, mode: 0o600 });
}
