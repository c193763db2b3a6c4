import { z } from "zod";
import { writePlanVariable } from "../../config/plan-variables.ts";
import { dotenvReport, outputVariables } from "./dotenv-report.ts";
import { readOfflineImages } from "../../config/offline.ts";
import { digestReference } from "../../model/stack/release.ts";
import { withoutServerKeys } from "../../process/environment.ts";
import { toolEnvironment } from "../../toolchain/environment.ts";
import * as declared from "../declaration/gitlab.ts";
import { command, type Call, type CallOf } from "../commands/command.ts";
import { requireNewest } from "./deployments.ts";
import { readJob } from "./job.ts";
import { isRegularFile } from "./report-folder.ts";
import { StackReports } from "./reports.ts";
import { requireStackName } from "../stack/stack-name.ts";
import { up } from "../commands/operation.ts";
import { log } from "../output.ts";
import { usageError } from "../options.ts";
import { mustAskPulumi } from "../pulumi.ts";
import { UserError } from "../../model/problem.ts";

/** `slipway gitlab deploy`: runs `slipway up` in a job, and writes its plan and outputs for later jobs. */
export const gitlabDeploy = command(declared.gitlabDeploy, deploy);

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

async function deploy(call: CallOf<typeof declared.gitlabDeploy>): Promise<number> {
  const { held = "false", release = "required" } = call.options;
  const todo = "write one of them, or leave it out";
  if (held !== "true" && held !== "false") throw usageError("--held", `is neither true nor false, got '${held}'`, todo);
  if (release !== "required" && release !== "kept")
    throw usageError("--release", `is neither required nor kept, got '${release}'`, todo);
  const [stack, job] = [requireStackName(call), readJob(call.environment)];
  await requireNewest(job, stack, call.environment);
  const reports = new StackReports(job, stack, "deployment");
  const plan = held === "true" ? requiredPlan(stack, reports) : [];
  if (release === "required") await requireRelease(call, stack);
  reports.writeLinks("plan.json", "the plan that was carried out");
  const code = await runUp({ ...call, stack, words: plan }, reports.plan);
  if (code !== 0) return code;
  await writeOutputs({ ...call, stack }, stack, reports);
  return 0;
}

/** Without a release nothing new is deployed, and GitLab would show a deployment of the pipeline's commit (A12). */
async function requireRelease({ folder, environment }: Call, name: string): Promise<void> {
  const { draft, stack } = await readOfflineImages({ folder, stack: name, environment });
  const first = stack?.services.find(({ imageFrom, image }) => imageFrom === "release" && !digestReference.test(image));
  if (first === undefined || stack?.release !== undefined) return;
  const what = `is missing: this pipeline has built nothing, and the image of '${first.name}' comes with a release`;
  const todo = "let a job write it (ci/build.yml or ci/release.yml), or set the input `release: kept` of this job";
  throw new UserError({ path: draft.release.file, what, todo });
}

/** Options of an `up` in a job, where no person answers questions. */
const unattended = ["--yes", "--skip-preview", "--non-interactive", "--suppress-progress"];

function requiredPlan(stack: string, { saved }: StackReports): readonly string[] {
  if (isRegularFile(saved)) return ["--plan", saved];
  const what = "this pipeline has saved no plan to be held to";
  throw new UserError({ path: stack, what, todo: "run the job that previews it, and then this one again" });
}

async function runUp(call: Call, planFile: string): Promise<number> {
  const environment = { ...call.environment, [writePlanVariable]: planFile };
  return await up.run({ ...call, environment, words: [...call.words, ...unattended] });
}

async function writeOutputs(call: Call, stack: string, reports: StackReports): Promise<void> {
  const environment = toolEnvironment(withoutServerKeys(call.environment));
  const said = await mustAskPulumi({ ...call, environment }, ["stack", "output", "--json", "--stack", stack]);
  const { text, omitted } = dotenvReport(outputVariables(stack, outputsSchema.parse(JSON.parse(said))));
  reports.writeVariables(text);
  if (omitted.length > 0)
    log(`GitLab takes no more variables of one job, so these are left out: ${omitted.join(", ")}`);
}
