import { containersOfProject, isUp, type Container } from "../docker/container.ts";
import type { ContainerDescription } from "../docker/descriptions.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { networksByName } from "../network/by-name.ts";
import {
  adoptionOf,
  forgetAdoption,
  keptId,
  rememberAdoption,
  type Adoption,
  type KeptContainer,
} from "../state/adoption-memory.ts";
import { step, type Work } from "../work.ts";
import { claimProject } from "./claimed.ts";
import { inWaves } from "./order.ts";
import { recreateNetworks } from "./recreate-networks.ts";
import { endpointRequest, recreationOf, sharedContainers } from "./recreation.ts";
import { startAll } from "./start-again.ts";

const phase = "adoption";

/**
 * Starts again what ran before a stack took its place, as it was: the kept containers, and new ones in place of those
 * that are gone (X1). What is given up stays given up. Safe to repeat: what is so already stays.
 */
export async function goBack(work: Work): Promise<void> {
  const adoption = adoptionOf(work.state);
  if (adoption === undefined) return;
  if (!adoption.done) {
    await Engine.during(phase, () => requireStackStopped(adoption, work));
    await step(work, "networks", () => Engine.during(phase, () => recreateNetworks(adoption, work)));
    const restored = await step(work, "containers", () => Engine.during(phase, () => restoreAll(adoption, work)));
    await step(work, "start", () => Engine.during(phase, () => startAll(restored, work)));
  }
  forgetAdoption(work.state);
  claimProject(work);
}

/** Two databases on the same data would destroy it. */
async function requireStackStopped({ containers: kept }: Adoption, work: Work): Promise<void> {
  const known = new Set(kept.map(keptId));
  const isOld = ({ name, inspection: { Config } }: Container): boolean =>
    kept.some(({ description: old }) => old.Name === name && isRecreated(Config.Labels, old.Config));
  const all = await work.containers();
  const own = Object.keys(work.state.body("claim")?.projects ?? {}).flatMap((one) => containersOfProject(all, one));
  const running = own.filter((one) => isUp(one) && !known.has(one.id) && !isOld(one));
  if (running.length === 0) return;
  const names = running.map(({ name }) => `'${name}'`).join(", ");
  const what = `${names} of this stack still runs, maybe on the same data (document ${work.number})`;
  throw new Failure(phase, `${what}; stop it with \`docker stop\`, then run \`slipway adopt --undo\` again`);
}

/** Brings every container back, and notes at once each one that it creates in place of another. */
async function restoreAll(adoption: Adoption, work: Work): Promise<Adoption> {
  const ids = new Map<string, string>();
  let now = adoption;
  for (const kept of inWaves(adoption.containers).flat()) {
    if (kept.description.HostConfig.AutoRemove) continue; // a run by hand that has ended for good
    const id = await restored(kept, ids, work);
    for (const former of [...(kept.former ?? []), kept.description.Id, keptId(kept)]) ids.set(former, id);
    if (id === keptId(kept)) continue;
    const containers = now.containers.map((one) => {
      return one.description.Id === kept.description.Id ? { ...one, again: id } : one;
    });
    now = { ...now, containers };
    rememberAdoption(work.state, now);
  }
  work.changed();
  return now;
}

async function restored(kept: KeptContainer, ids: ReadonlyMap<string, string>, work: Work): Promise<string> {
  const { description } = kept;
  const there = await work.engine.container(keptId(kept));
  if (there === undefined) return await recreated(kept, ids, work);
  const { id, name, restartPolicy } = there;
  if (sharesWithGone(there, ids)) {
    await work.engine.removeContainer(id);
    return await recreated(kept, ids, work);
  }
  if (name !== description.Name) await work.engine.rename(id, description.Name);
  const policy = description.HostConfig.RestartPolicy;
  if (restartPolicy !== policy.Name) await work.engine.descriptions.setRestart(id, policy);
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
  { description, service }: KeptContainer,
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
  { Image: id, Config: { Image: reference } }: ContainerDescription,
  service: string,
  { engine, number }: Work,
): Promise<string> {
  if ((await engine.image(reference))?.id === id) return reference;
  if ((await engine.image(id)) !== undefined) return id;
  const what = `the image of '${service}' is no longer on this server, got '${reference}' (document ${number})`;
  throw new Failure(phase, `${what}; pull it there, or load it from a backup, and run \`slipway adopt --undo\` again`);
}
