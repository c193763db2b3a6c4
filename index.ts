import "./config/stack-traces.ts";
import "./components/debug-lines.ts";
import * as pulumi from "@pulumi/pulumi";
import { Environment } from "./components/environment.ts";
import { lastPublished } from "./components/stack-outputs.ts";
import { loadDeployment } from "./config/load.ts";
import { asAgreed, keepPlan, leaveDrift, leavePlan } from "./config/plan-files.ts";
import { requireRegistryLogins } from "./config/registry-login.ts";
import type { Observation } from "./model/facts/observation.ts";
import { outputsOf } from "./model/stack/outputs.ts";
import { plainSums } from "./model/report/plain-sum.ts";
import { planDeployment } from "./model/plan/plan.ts";
import { printPlan } from "./model/report/print-plan.ts";
import { publishedOf } from "./model/plan/published.ts";
import { planTable } from "./model/report/table.ts";
import { observe } from "./remote/observe.ts";
import { newAttempt, newRun } from "./remote/run.ts";
import { openSession } from "./remote/session.ts";

const say = (line: string): void => void pulumi.log.info(line);
const warn = (line: string): void => void pulumi.log.warn(line);
const preview = pulumi.runtime.isDryRun();

const { deployment, values, plain, notes, source } = await loadDeployment();
say(`variables: from ${source}`);
const logins = preview ? [] : requireRegistryLogins(deployment.registries, process.env);
const run = newRun(deployment.stack, process.env, new Date());

const look = await observe(deployment, { run, environment: process.env, required: !preview, say, warn });
leaveDrift(deployment, look.observation, process.env);
const published = await lastPublished(deployment.stack, look.observation);
const planFrom = (observation?: Observation) =>
  asAgreed(planDeployment(deployment, { observation, published, newAttempt }), process.env);
const plan = preview ? planFrom(look.observation) : await openSession(look, { run, values, logins, plan: planFrom });
if (preview) notes.forEach(say);
const printed = printPlan(plan, { plain: plainSums(plain) });
say(planTable(printed));
leavePlan(printed, process.env);
keepPlan(plan, process.env);

// Named after the stack, as the server keeps its documents: a name that could change would make a second owner of what is live.
const environment = new Environment(pulumi.getStack(), { plan });

export const { project, directory, address, ports, urls, volumes, images } = outputsOf(plan.stack);
export const live = environment.live;
export const data = environment.data;
export const documents = publishedOf(plan);
