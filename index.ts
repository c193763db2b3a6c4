import "./sdk.ts";
import * as pulumi from "@pulumi/pulumi";
import { Environment } from "./components/environment.ts";
import { lastOutputs } from "./components/stack-outputs.ts";
import { loadDeployment } from "./config/load.ts";
import { planFiles } from "./config/plan-files.ts";
import { requireRegistryLogins } from "./config/registry-login.ts";
import { outputsOf } from "./model/stack/outputs.ts";
import { printableLines } from "./model/printable.ts";
import { plainSums } from "./model/report/plain-sum.ts";
import { hostFacts } from "./model/plan/host-facts.ts";
import { documentsOutput, planDeployment } from "./model/plan/plan.ts";
import { printPlan } from "./model/report/print-plan.ts";
import { engineText } from "./model/report/engine-text.ts";
import { planLines } from "./model/report/table.ts";
import { EarlyConnections } from "./remote/early-connections.ts";
import { requireHealth } from "./remote/health.ts";
import { observe } from "./remote/observe.ts";
import { newAttempt, newRun } from "./remote/run.ts";
import { observationsOf, openSessions, type Observations } from "./remote/session.ts";

const say = (line: string): void => void pulumi.log.info(printableLines(line));
const show = (line: string): void => void pulumi.log.info(line, undefined, undefined, true);
const warn = (line: string): void => void pulumi.log.warn(printableLines(line));
const preview = pulumi.runtime.isDryRun();
const files = planFiles(process.env);
files.writeProblems();

const name = `${pulumi.getProject()}/${pulumi.getStack()}`;
const connections = EarlyConnections.ofProcess({ stack: name, environment: process.env, say, show });
const { waits } = connections;
const loaded = await waits.during("reads the configuration", () =>
  loadDeployment({ found: (servers) => connections.begin(servers) }),
);
const { stack, values, plain, notes, source } = loaded;
say(`variables: from ${source}`);
const logins = preview ? [] : requireRegistryLogins(stack.registries, process.env);
const layersOf = async (images: readonly string[], platform: string) => {
  const { imageLayers } = await import("./registry/image-layers.ts"); // most runs change no image
  const asked = { images, platform, logins, environment: process.env };
  return await waits.during("waits for the registries", () => imageLayers(asked));
};
const run = newRun(stack.name, process.env, new Date());

const observed = await observe(stack, { connections, required: !preview, warn });
files.writeDrift(stack, observationsOf(observed));
const outputs = await waits.during("reads the last outputs", () => lastOutputs(stack.name, observationsOf(observed)));
const planFrom = (observations: Observations) => {
  const hosts = hostFacts(observations, outputs);
  return files.requireSavedPlan(planDeployment(loaded, { hosts, newAttempt }));
};
const plan = preview
  ? planFrom(observationsOf(observed))
  : await openSessions(observed, { run, values, plain, logins, layersOf, plan: planFrom });
if (preview) notes.forEach(say);
const printed = printPlan(plan, { plain: plainSums(plain) });
void pulumi.log.info(engineText(planLines(printed)));
files.writePlan(printed);
files.writeSavedPlan(plan);

// Documents on the server name this resource as their owner, so it is named after the stack, which never changes.
const environment = new Environment(pulumi.getStack(), { plan });

export const { project, directory, hosts } = outputsOf(plan.stack);
// The last resources have these outputs, so by then everything is applied: a run ends well only if all of it is well.
export const live = preview
  ? environment.live
  : pulumi
      .all([environment.live, environment.data])
      .apply(([found]) => requireHealth(observed, plan, say).then(() => found));
export const { goBack, data, subnets } = environment;
// It holds no secret. But only slipway reads it, and Pulumi prints a secret as one word, not as a hundred lines.
export const documents = pulumi.secret(documentsOutput(plan));
