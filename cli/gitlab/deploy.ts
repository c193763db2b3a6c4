import { existsSync } from "node:fs";
import { z } from "zod";
import { writePlanVariable } from "../../config/plan-variables.ts";
import { dotenvReport, outputVariables } from "./dotenv-report.ts";
import { keyVariable } from "../ssh/private-key.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import type { Call, Command } from "../commands/command.ts";
import { requireNewest, rollbackVariable } from "./deployments.ts";
import { readJob } from "./job.ts";
import { StackReports } from "./reports.ts";
import { oneStack } from "../one-stack.ts";
import { up } from "../commands/operation.ts";
import { note } from "../output.ts";
import { ownOptions } from "../own-options.ts";
import { mustAskPulumi } from "../pulumi.ts";
import { UserError } from "../../model/problem.ts";

/** `slipway gitlab deploy`: `slipway up` in a job, and what later jobs and merge requests want to know of it. */
export const gitlabDeploy: Command = {
  name: "gitlab deploy",
  usage: "--stack <stack> [--held true]",
  summary: "deploys a stack in a job, and leaves its outputs for later jobs",
  details: [
    "",
    "It refuses where a newer pipeline has deployed the stack already, unless this pipeline has done so before, or",
    `${rollbackVariable}=yes says that this is meant. Then it is \`slipway up --yes --skip-preview\`.`,
    "With --held true it does what the preview of this pipeline showed and nothing else: if anything moved since, it changes nothing.",
    "In slipway-reports it leaves the plan that was carried out, which offline plans are held against, and the outputs as variables.",
  ],
  run: deploy,
};

const hostSchema = z.object({
  address: z.string(),
  urls: z.record(z.string(), z.string()),
  images: z.record(z.string(), z.string()),
});

const outputsSchema = z.object({
  project: z.string(),
  directory: z.string(),
  hosts: z.record(z.string(), hostSchema),
  live: z.record(z.string(), z.object({ release: z.string(), colour: z.string() })),
});

async function deploy(call: Call): Promise<number> {
  const { held = "false" } = ownOptions(call, ["held"]);
  const [stack, job] = [oneStack(call), readJob(call.environment)];
  await requireNewest(job, stack, call.environment);
  const reports = new StackReports(job, stack);
  const plan = held === "true" ? heldTo(stack, reports) : [];
  reports.link("plan.json", "the plan that was carried out");
  const code = await upLeaving({ ...call, stack, words: plan }, reports.plan);
  if (code !== 0) return code;
  await leaveOutputs({ ...call, stack }, stack, reports);
  return 0;
}

const agreed = ["--yes", "--skip-preview", "--non-interactive", "--suppress-progress"];

function heldTo(stack: string, { saved }: StackReports): readonly string[] {
  if (existsSync(saved)) return ["--plan", saved];
  const what = "this pipeline has left no plan to be held to";
  throw new UserError({ path: stack, what, todo: "run the job that previews it, and then this one again" });
}

async function upLeaving(call: Call, planFile: string): Promise<number> {
  const environment = { ...call.environment, [writePlanVariable]: planFile };
  return await up.run({ ...call, environment, words: [...call.words, ...agreed] });
}

async function leaveOutputs(call: Call, stack: string, reports: StackReports): Promise<void> {
  const environment = toolEnvironment({ ...call.environment, [keyVariable]: undefined });
  const said = await mustAskPulumi({ ...call, environment }, ["stack", "output", "--json", "--stack", stack]);
  const { text, left } = dotenvReport(outputVariables(stack, outputsSchema.parse(JSON.parse(said))));
  reports.variables(text);
  if (left.length > 0) note(`GitLab takes no more variables of one job, so these are left out: ${left.join(", ")}`);
}
