import { writeEnvFile, type EnvVariable } from "../model/stack/env-file.ts";
import { secretVariables, stagedAs } from "../model/stack/secrets.ts";
import { changesOf, type HostPlan } from "../model/plan/plan.ts";
import { ConfigurationError } from "../model/problem.ts";
import { dockerSettings, type RegistryLogin } from "../model/stack/registry-login.ts";
import type { Stack } from "../model/stack/stack.ts";
import { wantsOf } from "../model/stack/wants.ts";
import type { Observation } from "../model/facts/observation.ts";
import type { HostClient } from "./host-client.ts";
import { NoAnswer, type ObservedHost } from "./observe.ts";
import type { Run } from "./run.ts";

interface SessionRequest {
  readonly run: Run;
  /** Variables of the env file; the session is their only way to the server. */
  readonly values: readonly EnvVariable[];
  /** Logins of the registries from which the server pulls images. */
  readonly logins: readonly RegistryLogin[];
  /** Makes the plan. It is asked again under the lease, since another run may have changed the server in between. */
  readonly plan: (observation: Observation) => HostPlan;
}

/** Seconds to wait for the lease, and for verbs of dead runs. */
const leaseTimeout = 300;

/** Opens the session of a run if its plan changes the server, and returns the plan to carry out. */
export async function openSession({ observation, client }: ObservedHost, request: SessionRequest): Promise<HostPlan> {
  if (observation === undefined || client === undefined) throw new Error("a session needs a server that answered");
  const first = request.plan(observation);
  if (changesOf(first).length === 0) return first;
  try {
    await client.lease(leaseTimeout, request.run.holder);
    stageSecrets(client, first.stack, request);
    return request.plan(await client.observe(wantsOf(first.stack)));
  } catch (error) {
    await client.close();
    if (!(error instanceof Error) || error instanceof ConfigurationError) throw error;
    throw new NoAnswer(`host: the session did not open: ${error.message}`);
  }
}

/** Sends the env file, the variables that services read from files, and the registry logins. */
function stageSecrets(client: HostClient, { services }: Stack, { values, logins }: SessionRequest): void {
  client.stage("env", writeEnvFile(values));
  const asFiles = secretVariables(services);
  for (const { name, value } of values.filter((variable) => asFiles.includes(variable.name))) {
    client.stage(stagedAs(name), value);
  }
  if (logins.length > 0) client.stage("registry", dockerSettings(logins));
}
