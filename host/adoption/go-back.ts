import type { Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import type { ContainerDescription } from "../docker/descriptions.ts";
import { Failure } from "../failure.ts";
import { waitReady } from "../health/wait.ts";
import { networksByName } from "../network/by-name.ts";
import { ownerOf } from "../network/wanted.ts";
import { step, type Work } from "../work.ts";
import { endpointRequest, networkRequest, recreationOf, sharedContainers } from "./recreation.ts";
import { adoptionOf, forgetAdoption, type Adoption, type KeptContainer } from "../state/adoption-memory.ts";
import { inWaves } from "./order.ts";

const phase = "adoption";

/** Seconds that a service may take to become ready again. */
const readySeconds = 180;

/**
 * Starts again what ran before a stack took its place, as it was: the kept containers, and new ones in place of those
 * that are gone (X1). What is given up stays given up. Safe to repeat: what is so already stays.
 */
export async function goBack(work: Work): Promise<void> {
  const adoption = adoptionOf(work.state);
  if (adoption === undefined) return;
  if (!adoption.done) {
    await step(work, "networks", () => Engine.during(phase, () => createNetworks(adoption, work)));
    const ids = await step(work, "containers", () => Engine.during(phase, () => restoreAll(adoption, work)));
    await step(work, "start", () => Engine.during(phase, () => startAll(adoption, ids, work)));
  }
  forgetAdoption(work.state);
}

async function createNetworks({ networks }: Adoption, work: Work): Promise<void> {
  const there = await networksByName(work);
  for (const description of networks) {
    const found = there.get(description.Name);
    if (found !== undefined) requireFree(found, work);
    else await work.engine.createNetwork(networkRequest(description));
  }
  work.changed();
}

function requireFree(network: EngineNetwork, { number }: Work): void {
  const owner = ownerOf(network);
  if (owner === "") return;
  const what = `network '${network.Name}' is still one of stack ${owner ?? ""} (document ${number})`;
  throw new Failure(phase, `${what}; remove the stack with \`slipway adopt --undo\`, which starts what ran before`);
}

/** Brings every container back, and returns the new id of each by the old one. */
async function restoreAll({ containers }: Adoption, work: Work): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for (const wave of inWaves(containers)) {
    for (const kept of wave) ids.set(kept.description.Id, await restored(kept, ids, work));
  }
  work.changed();
  return ids;
}

async function restored(
  { description, service }: KeptContainer,
  ids: ReadonlyMap<string, string>,
  work: Work,
): Promise<string> {
  const { Name: name } = description;
  const there = await work.engine.container(description.Id);
  if (there === undefined) return await recreated({ description, service }, ids, work);
  const { id } = there;
  if (sharesWithGone(there, ids)) {
    await work.engine.removeContainer(id);
    return await recreated({ description, service }, ids, work);
  }
  if (there.name !== name) await work.engine.rename(id, name);
  const policy = description.HostConfig.RestartPolicy;
  if (there.restartPolicy !== policy.Name) await work.engine.descriptions.setRestart(id, policy);
  await rejoin(id, description, work);
  return id;
}

/** It could not start any more: what it shares a network with, say, is another container by now. */
function sharesWithGone({ inspection }: Container, ids: ReadonlyMap<string, string>): boolean {
  return sharedContainers(inspection.HostConfig).some((id) => ids.has(id) && ids.get(id) !== id);
}

/** A container that is back in its networks is left alone; a recreated network has another id. */
async function rejoin(
  id: string,
  { Id: old, NetworkSettings: settings }: ContainerDescription,
  work: Work,
): Promise<void> {
  const joined = (await work.engine.container(id))?.networks ?? new Map<string, { readonly id: string }>();
  const networks = await networksByName(work);
  for (const [name, endpoint] of Object.entries(settings.Networks)) {
    const network = networks.get(name);
    const now = joined.get(name);
    if (network === undefined || now?.id === network.Id || isOfEngine(name)) continue;
    if (now !== undefined) await work.engine.disconnect(network.Id, id);
    await work.engine.descriptions.join(network.Id, id, endpointRequest(endpoint, old));
  }
}

/** The networks that the engine itself has need no joining. */
function isOfEngine(network: string): boolean {
  return ["bridge", "host", "none"].includes(network);
}

/** Somebody may have removed a kept container; one that Compose replaced is gone anyway. */
async function recreated(
  { description, service }: Pick<KeptContainer, "description" | "service">,
  ids: ReadonlyMap<string, string>,
  work: Work,
): Promise<string> {
  const { engine } = work;
  const { Name: name } = description;
  const other = await engine.container(name);
  if (other !== undefined && isRecreated(other.inspection.Config.Labels, description.Config)) {
    await rejoin(other.id, description, work); // the run may have ended before that
    return other.id;
  }
  const { body, further } = recreationOf(description, { image: await imageOf(description, service, work), ids });
  work.say(phase, `creates '${name}' again, as it was`);
  const id = await engine.descriptions.create(name, body);
  for (const [network, endpoint] of Object.entries(further)) await engine.descriptions.join(network, id, endpoint);
  return id;
}

/** Tells a container that an earlier run, which was killed, recreated: it has the labels of the old one. */
function isRecreated(labels: unknown, config: Readonly<Record<string, unknown>>): boolean {
  return JSON.stringify(labels) === JSON.stringify(config["Labels"]);
}

/** The old reference, unless it is another image by now. */
async function imageOf(
  { Image: id, Config: { Image: reference } }: KeptContainer["description"],
  service: string,
  { engine, number }: Work,
): Promise<string> {
  if ((await engine.image(reference))?.id === id) return reference;
  if ((await engine.image(id)) !== undefined) return id;
  const what = `the image of '${service}' is no longer on this server, got '${reference}' (document ${number})`;
  throw new Failure(phase, `${what}; pull it there, or load it from a backup, and run \`slipway adopt --undo\` again`);
}

/** Starts what ran, each after what it needs is ready. */
async function startAll(
  { project, containers }: Adoption,
  ids: ReadonlyMap<string, string>,
  work: Work,
): Promise<void> {
  for (const wave of inWaves(containers)) {
    const ran = wave.filter(({ ran }) => ran);
    for (const { description } of ran) {
      work.say(phase, `starts '${description.Name}'`);
      await work.engine.start(ids.get(description.Id) ?? description.Id);
    }
    work.changed();
    const services = [...new Set(ran.map(({ service }) => service))];
    await requireReady(project, services, work);
  }
}

async function requireReady(project: string, services: readonly string[], work: Work): Promise<void> {
  const awaited = services.map((name) => ({ name, deadline: readySeconds }));
  const failed = await waitReady(work.engine, project, awaited, work.signal);
  if (failed.length === 0) return;
  const what = failed.map(({ service, why }) => `'${service}' of project '${project}' ${why}`).join(", ");
  const todo = "look at its log, then run `slipway adopt --undo` again";
  throw new Failure(phase, `${what} (document ${work.number}); ${todo}`);
}
