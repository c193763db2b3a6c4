import { writeEnvFile, type EnvVariable } from "../model/stack/env-file.ts";
import { secretVariables, stagedAs } from "../model/stack/secrets.ts";
import { changesOf, type HostPlan } from "../model/plan/plan.ts";
import { dockerSettings, type RegistryLogin } from "../model/stack/registry-login.ts";
import { wantsOf } from "../model/stack/wants.ts";
import type { Observation } from "../model/facts/observation.ts";
import type { Look } from "./observe.ts";
import { NoAnswer } from "./observe.ts";
import type { Run } from "./run.ts";

interface SessionRequest {
  readonly run: Run;
  /** The env file's variables; they travel by the session and nowhere else. */
  readonly values: readonly EnvVariable[];
  /** Where the server may pull from in this run. */
  readonly logins: readonly RegistryLogin[];
  /** Makes the plan of what was found; asked again once the lease is held, since another run may have been there in between. */
  readonly plan: (observation: Observation) => HostPlan;
}

/** Seconds to wait for the lease, and for verbs of dead runs. */
const patience = 300;

/** Opens the session of a run if its plan touches the server, and gives back the plan to carry out. */
export async function openSession({ observation, attendance }: Look, request: SessionRequest): Promise<HostPlan> {
  if (observation === undefined || attendance === undefined) throw new Error("a session needs a server that answered");
  const first = request.plan(observation);
  if (changesOf(first).length === 0) return first;
  try {
    await attendance.lease(patience, request.run.holder);
    attendance.stage("env", writeEnvFile(request.values));
    const asFiles = secretVariables(first.stack.services);
    for (const { name, value } of request.values.filter((variable) => asFiles.includes(variable.name)))
      attendance.stage(stagedAs(name), value);
    if (request.logins.length > 0) attendance.stage("registry", dockerSettings(request.logins));
    return request.plan(await attendance.observe(wantsOf(first.stack)));
  } catch (error) {
    await attendance.close();
    if (!(error instanceof Error) || error.name === "ConfigurationError") throw error;
    throw new NoAnswer(`host: the session did not open: ${error.message}`);
  }
}
