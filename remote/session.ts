import { bodySchemas } from "../model/document/bodies.ts";
import { stackEnvFile } from "../model/env-folder.ts";
import { writeEnvFile, type EnvVariable } from "../model/stack/env/env-file.ts";
import { plainEntriesName } from "../model/session/plain-entries.ts";
import { isOfStack, stagedEnvFile, writtenEnvFiles } from "../model/stack/env/env-files.ts";
import { plainEntries } from "../model/stack/env/plain-entries.ts";
import { secretVariables, stagedAs } from "../model/stack/secrets.ts";
import { changesOf, documentsOf, removedOf, type HostPlan, type Plan } from "../model/plan/plan.ts";
import { dockerSettings, type RegistryLogin } from "../model/stack/registry-login.ts";
import { messageOf, UserError } from "../model/problem.ts";
import type { Stack, StackHost } from "../model/stack/stack.ts";
import { platformOfMachine } from "../model/facts/images/platforms.ts";
import type { Layers } from "../model/facts/images/room.ts";
import { onlyTheServer } from "../model/facts/scope.ts";
import { observationScope } from "../model/stack/observation-scope.ts";
import type { Observation } from "../model/facts/observation.ts";
import type { HostClient, LeaseWish } from "./host-client.ts";
import type { ObservedHost, ObservedHosts } from "./observe.ts";
import type { Run } from "./run.ts";

interface SessionRequest {
  readonly run: Run;
  /** Variables of the env file; they reach the server only through the session. */
  readonly values: readonly EnvVariable[];
  /** Those that are no secrets, by name: logs may show them. */
  readonly plain: Readonly<Record<string, string>>;
  /** Logins of the registries from which the server pulls images. */
  readonly logins: readonly RegistryLogin[];
  /** Finds the layers of images for a platform, as far as their registries tell. @default none is known */
  readonly layersOf?: (images: readonly string[], platform: string) => Promise<Layers>;
  /** Makes the plan. It is called again under the leases, since another run may have changed a server in between. */
  readonly plan: (observations: Observations) => Plan;
}

/** Observations by name of the host. */
export type Observations = Readonly<Record<string, Observation | undefined>>;

/** A server on which a session may be opened. */
interface SessionHost {
  readonly host: StackHost;
  readonly observation: Observation;
  readonly client: HostClient;
}

/** Seconds that a removal waits for a lease, since it reads no configuration. */
const removalLease = 300;

/** Opens a session on each server that a run's plan changes, and returns the plan to carry out. */
export async function openSessions(hosts: ObservedHosts, request: SessionRequest): Promise<Plan> {
  return await closingOnError(hosts, async () => {
    const plan = await openChanged(hosts, request);
    for (const planned of Object.values(plan.hosts)) {
      await keepDeclared(planned, hosts[planned.host.name]);
      await fetchImages(planned, hosts[planned.host.name], request);
    }
    return plan;
  });
}

async function openChanged(hosts: ObservedHosts, request: SessionRequest): Promise<Plan> {
  const first = request.plan(observationsOf(hosts));
  const changed = Object.entries(first.hosts)
    .filter(([, plan]) => changesOf(plan).length + removedObjects(plan).length > 0)
    .map(([name, { host }]) => sessionHost(host, hosts[name]))
    .sort(byMachine);
  if (changed.length === 0) return first;
  const fresh: Record<string, Observation> = {};
  for (const one of changed) fresh[one.host.name] = await openSession(one, first.stack, request);
  const plan = request.plan({ ...observationsOf(hosts), ...fresh });
  for (const one of changed) await allowRemovals(one, plan);
  return plan;
}

/** Opens a session that may remove everything of a stack on a server, even if the stack is protected. */
export async function openRemoval(client: HostClient, run: Run): Promise<void> {
  await client.lease(leaseWish(run, removalLease));
  const { applied } = await client.observe(onlyTheServer);
  await client.allowRemoval(applied.map(({ object }) => object));
}

/** Takes the observations out of observed hosts. */
export function observationsOf(hosts: ObservedHosts): Observations {
  return Object.fromEntries(Object.entries(hosts).map(([name, { observation }]) => [name, observation]));
}

function sessionHost(host: StackHost, found: ObservedHost | undefined): SessionHost {
  const { observation, client } = found ?? {};
  if (observation === undefined || client === undefined) throw new Error("a session needs a server that answered");
  return { host, observation, client };
}

/** Orders servers by machine. All runs take leases in this order, so that two stacks never wait for each other. */
function byMachine({ observation: one }: SessionHost, { observation: other }: SessionHost): number {
  return one.host.machine < other.host.machine ? -1 : 1;
}

function leaseWish({ id, holder, job }: Run, seconds: number): LeaseWish {
  return { seconds, run: id, holder, job };
}

async function openSession({ host, client }: SessionHost, stack: Stack, request: SessionRequest): Promise<Observation> {
  return await namingHost(host, async () => {
    await client.lease(leaseWish(request.run, stack.lease));
    stageSecrets(client, host, request);
    return await client.observe(observationScope(stack, host));
  });
}

/**
 * Keeps the engine from deleting what the plan declares. After the rename of a server and a failed run, the state still
 * has resources with the former name, which own the same objects.
 */
async function keepDeclared(plan: HostPlan, found: ObservedHost | undefined): Promise<void> {
  const objects = documentsOf(plan).map(({ object }) => object);
  await namingHost(plan.host, async () => found?.client?.keep(objects));
}

/** Has a server pull the images of a changed images document while the engine registers what comes before it. */
async function fetchImages(
  plan: HostPlan,
  found: ObservedHost | undefined,
  { layersOf }: Pick<SessionRequest, "layersOf">,
): Promise<void> {
  if (plan.images.change.kind === "same") return;
  const images = Object.keys(bodySchemas.images.parse(plan.images.document.body).images);
  const platform = platformOfMachine(found?.observation?.host.architecture ?? "");
  const layers = platform === undefined ? {} : ((await layersOf?.(images, platform)) ?? {});
  await namingHost(plan.host, async () => found?.client?.fetch(images, layers));
}

/** Allows the engine to delete the objects that the plan removes. */
async function allowRemovals({ host, client }: SessionHost, { hosts }: Plan): Promise<void> {
  const plan = hosts[host.name];
  if (plan !== undefined) await namingHost(host, () => client.allowRemoval(removedObjects(plan)));
}

/** Lists the objects that the plan removes. */
function removedObjects(plan: HostPlan): string[] {
  return removedOf(plan, plan.observation?.applied ?? []).map(({ object }) => object);
}

/** Adds the server's name to the error of a session that did not open. */
async function namingHost<Result>({ path }: StackHost, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const what = `the session did not open: ${messageOf(error)}`;
    throw new UserError({ path, what, todo: "fix the cause above, and run again" });
  }
}

/** Closes every connection if something fails, so that no server waits for this run. */
async function closingOnError<Result>(hosts: ObservedHosts, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const why = "the run was refused before it changed anything";
    await Promise.all(Object.values(hosts).flatMap(({ client }) => client?.close(why) ?? []));
    throw error;
  }
}

/** Sends the env files, what is no secret in them, the variables that services read from files, and registry logins. */
function stageSecrets(client: HostClient, { services }: StackHost, { values, plain, logins }: SessionRequest): void {
  client.stage(stagedEnvFile(stackEnvFile), writeEnvFile(values.filter(({ name }) => isOfStack(name))));
  const known = new Map(values.map(({ name, value }) => [name, value]));
  for (const [path, entries] of Object.entries(writtenEnvFiles(services))) {
    const variables = Object.entries(entries).flatMap(([name, variable]) => {
      const value = known.get(variable);
      return value === undefined ? [] : [{ name, value }];
    });
    client.stage(stagedEnvFile(path), writeEnvFile(variables));
  }
  client.stage(plainEntriesName, JSON.stringify(plainEntries(services, values, plain)));
  const asFiles = secretVariables(services);
  for (const { name, value } of values.filter((variable) => asFiles.includes(variable.name))) {
    client.stage(stagedAs(name), value);
  }
  if (logins.length > 0) client.stage("registry", dockerSettings(logins));
}
