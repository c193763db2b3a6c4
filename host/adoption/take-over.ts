import { composeObject } from "../../model/document/object.ts";
import type { Body } from "../../model/document/bodies.ts";
import { ensureNoStackHasProject } from "../../model/facts/hand-made/hand-made.ts";
import { Claims } from "../claims/claims.ts";
import { composeLabel, isUp, shortId, type Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { removeNetwork } from "../docker/remove-network.ts";
import { recovering } from "../health/wait.ts";
import { endContainers } from "../project/end-containers.ts";
import { step, type Work } from "../work.ts";
import { claimProject } from "./claimed.ts";
import { handMadeContainers, handMadeNetworks } from "./hand-made.ts";
import {
  adoptionOf,
  keptContainers,
  keptId,
  rememberAdoption,
  type Adoption,
  type KeptContainer,
} from "../state/adoption-memory.ts";
import { inWaves, neededServices } from "./order.ts";

const phase = "adoption";

/**
 * Takes the place of a hand-made compose project (X1): its containers stop and are kept, and its networks go.
 * Everything is noted first, so that `goBack` finds it even if this run is killed. Volumes are never touched.
 */
export async function takeOver(body: Body<"adoption">, work: Work): Promise<void> {
  const adoption = await Engine.during(phase, () => noted(body, work));
  await step(work, "stop", () => Engine.during(phase, () => stopAll(adoption, work)));
  await step(work, "clear", () => Engine.during(phase, () => makeWay(adoption, work)));
}

/** Notes what is there, beside what an earlier run noted. */
async function noted({ project, replaced = {} }: Body<"adoption">, work: Work): Promise<Adoption> {
  const before = takenBefore(project, work);
  const containers = await work.containers();
  const own = work.state.body("claim")?.projects ?? {};
  const known = new Set(before?.containers.map(keptId));
  const fresh = handMadeContainers(project, { containers, adoption: before, own }).filter(({ id }) => !known.has(id));
  const added = await Promise.all(
    fresh.map((one) => keptOf(one, Object.hasOwn(replaced, one.service) && !one.oneOff, work)),
  );
  const networks = await Promise.all(
    handMadeNetworks(project, { networks: await work.networks(), containers }).map(({ Id: id }) =>
      work.engine.descriptions.ofNetwork(id),
    ),
  );
  const adoption: Adoption = {
    ...{ project, done: false },
    containers: withSuccessors(
      before?.containers ?? [],
      added.filter((one) => one !== undefined),
      new Set(containers.map(({ id }) => id)),
    ),
    networks: distinct([...networks.filter((one) => one !== undefined), ...(before?.networks ?? [])]),
  };
  rememberAdoption(work.state, adoption);
  claimProject(work);
  return adoption;
}

/** What this stack has taken over so far. Nobody may have deployed the project since the preview. */
function takenBefore(project: string, work: Work): Adoption | undefined {
  const [problem] = ensureNoStackHasProject(project, work.places.stack, new Claims(work.places).all());
  if (problem !== undefined) {
    throw new Failure(phase, `${problem.path} ${problem.what} (document ${work.number}); ${problem.todo}`);
  }
  const before = adoptionOf(work.state);
  if (before !== undefined && before.project !== project) throw otherProject(before.project, work);
  if (before === undefined && work.state.hasApplied(composeObject(project, false))) throw ownProject(project, work);
  return before;
}

/** A container that somebody recreated by hand takes the place of the one that was noted, which is gone. */
function withSuccessors(
  before: readonly KeptContainer[],
  added: readonly KeptContainer[],
  there: ReadonlySet<string>,
): KeptContainer[] {
  const gone = new Map(before.filter((one) => !there.has(keptId(one))).map((one) => [one.description.Name, one]));
  const names = new Set(added.map(({ description }) => description.Name));
  return [
    ...before.filter(({ description: { Name: name } }) => !(gone.has(name) && names.has(name))),
    ...added.map((one) => successorOf(gone.get(one.description.Name), one)),
  ];
}

function successorOf(gone: KeptContainer | undefined, one: KeptContainer): KeptContainer {
  if (gone === undefined) return one;
  const ids = [...(gone.former ?? []), gone.description.Id, keptId(gone)];
  return { ...one, ran: one.ran || gone.ran, well: one.well || gone.well, former: [...new Set(ids)] };
}

/** A network that was recreated has another id than the one that an earlier run noted. */
function distinct(networks: Adoption["networks"]): Adoption["networks"] {
  return networks.filter(({ Name: name }, index) => networks.findIndex((one) => one.Name === name) === index);
}

function otherProject(project: string, { number }: Work): Failure {
  const what = `this stack has taken the place of '${project}', which is not done (document ${number})`;
  return new Failure(phase, `${what}; run \`slipway adopt --done\` or \`slipway adopt --undo\` for it first`);
}

function ownProject(project: string, { number }: Work): Failure {
  const what = `'${project}' is the project of this stack itself, which is deployed here (document ${number})`;
  return new Failure(phase, `${what}; remove adopt.project`);
}

async function keptOf(container: Container, replaced: boolean, work: Work): Promise<KeptContainer | undefined> {
  const description = await work.engine.descriptions.ofContainer(container.id);
  if (description === undefined) return undefined; // it is gone since
  const { service, inspection } = container;
  const needs = neededServices(inspection.Config.Labels?.[composeLabel.needs]);
  return { service, ran: isUp(container), well: isWell(container), replaced, needs, description };
}

/** What is not well before the stack comes, such as one that restarts all the time, need not be well after it. */
function isWell({ state, health, restarts, startedAt }: Container): boolean {
  const isNew = Date.now() - Date.parse(startedAt) < recovering * 1000;
  return ["running", "paused"].includes(state) && health !== "unhealthy" && !(restarts > 0 && isNew);
}

/** Stops what runs, those first that need others. */
async function stopAll({ containers }: Adoption, work: Work): Promise<void> {
  for (const wave of inWaves(containers).reverse()) {
    const there = await containersThere(wave, work);
    for (const { id, state } of there) if (state === "paused") await work.engine.unpause(id);
    const running = there.filter(isUp);
    for (const { name } of running) work.say(phase, `stops '${name}'`);
    await endContainers(running, phase, work);
    work.changed();
  }
}

/** Frees names and networks, and keeps the engine from starting what was stopped. */
async function makeWay(adoption: Adoption, work: Work): Promise<void> {
  const { descriptions } = work.engine;
  const taken = work.state.body("claim")?.containers ?? {};
  for (const { id, name, restartPolicy } of keptContainers(await work.containers(), work.state)) {
    if (!["", "no"].includes(restartPolicy)) await descriptions.setRestart(id, { Name: "no" });
    if (Object.hasOwn(taken, name)) await work.engine.rename(id, `${name}-before-${shortId(id)}`);
  }
  work.changed();
  await leaveNetworks(adoption, work);
}

async function leaveNetworks({ containers, networks }: Adoption, work: Work): Promise<void> {
  const there = await containersThere(containers, work);
  for (const network of networks) {
    for (const { id, networks: joined } of there)
      if (joined.has(network.Name)) await work.engine.disconnect(network.Id, id);
    await removeNetwork(network, phase, work);
  }
}

async function containersThere(kept: readonly KeptContainer[], work: Work): Promise<Container[]> {
  const ids = new Set(kept.map(keptId));
  return (await work.containers()).filter(({ id }) => ids.has(id));
}
