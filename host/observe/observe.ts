import { dirname } from "node:path";
import type { Observation, Remark, WrittenFile } from "../../model/facts/observation.ts";
import type { ObservationScope } from "../../model/facts/scope.ts";
import { filesDelivery } from "../delivery/deliveries.ts";
import type { Delivery } from "../delivery/delivery.ts";
import type { StackState } from "../state/stack-state.ts";
import { handMadeFacts } from "../adoption/hand-made.ts";
import { adoptionOf, keptContainers, withoutKept } from "../state/adoption-memory.ts";
import { Claims } from "../claims/claims.ts";
import { DataMemories, memoryRepair } from "../data/data-memory.ts";
import { volumeFacts } from "../data/volume-facts.ts";
import { EngineSilence } from "../docker/connection.ts";
import type { Container } from "../docker/container.ts";
import type { Places } from "../places.ts";
import { releaseFact } from "../release/fact.ts";
import { currentHolder } from "../session/lease.ts";
import type { ServerView } from "../view.ts";
import { appliedFacts } from "./applied.ts";
import { bridgeFacts } from "../network/bridges.ts";
import { composeVersion } from "../facts/compose-version.ts";
import { containerFacts, namesakeFacts } from "../facts/containers.ts";
import { directoryFact } from "../facts/directory.ts";
import { diskFacts } from "../facts/disks.ts";
import { listenerFacts } from "../facts/listeners.ts";
import { listeningSockets, type ListeningSocket } from "../facts/sockets.ts";
import { serverRoutes } from "../network/routes.ts";
import { networkFacts, routeFacts } from "../facts/networks.ts";
import { machineFacts } from "../facts/machine.ts";
import { remarksOf } from "./remarks.ts";

const journalLines = 20;

/**
 * Everything that a run wants to know of a server, found at once. It changes nothing and waits for nobody. Where the
 * engine does not answer, its version is empty and the rest is told; so the engine of the view has no patience.
 */
export async function observe(view: ServerView, scope: ObservationScope): Promise<Observation> {
  const { places, state } = view;
  const asked = unlessSilent(engineFacts(view));
  const [{ engine, ...ofEngine }, adoption, compose, holder, applied, disks, volumes, networks, release] =
    await Promise.all([
      Promise.all([asked, listeningSockets()]).then((found) => factsOfContainers(view, scope, ...found)),
      asked.then((facts) => adoptionFact(state, facts?.containers ?? [])),
      composeVersion(places.run),
      currentHolder(places),
      appliedFacts(view),
      asked.then((facts) => disksOf(places, scope, facts)),
      asked.then((facts) => volumesOf(view, scope, facts)),
      asked.then((facts) => networksOf(view, scope, facts)),
      unlessSilent(releaseFact(view, scope)),
    ]);
  return {
    host: { ...machineFacts(), engine, compose },
    ...ofEngine,
    routes: routeFacts(scope.subnets, serverRoutes()),
    ...{ disks, volumes, applied, ...networks, release, leaseHolder: holder },
    directory: scope.directory === undefined ? undefined : directoryFact(scope.directory, state),
    claims: new Claims(places).all(),
    adoption,
    files: writtenFiles(state),
    journal: state.journalLines(journalLines),
  };
}

interface EngineFacts {
  readonly version: string;
  /** The folder in which it keeps images and volumes. */
  readonly root: string;
  readonly containers: readonly Container[];
}

async function engineFacts(view: ServerView): Promise<EngineFacts> {
  const [{ Version: version }, containers] = await Promise.all([view.engine.version(), view.containers()]);
  return { version, root: await rootOf(view, containers), containers };
}

/** Each container has a folder below the engine's. To ask the engine itself takes it longer than all other answers. */
async function rootOf({ engine }: ServerView, containers: readonly Container[]): Promise<string> {
  const [first] = containers.flatMap(({ folder }) => folder ?? []);
  return first === undefined ? await engine.root() : dirname(dirname(first));
}

/** Undefined if the engine does not answer. Any other fault ends the observation: it must not pass for silence. */
async function unlessSilent<Facts>(facts: Promise<Facts>): Promise<Facts | undefined> {
  try {
    return await facts;
  } catch (error) {
    if (error instanceof EngineSilence) return undefined;
    throw error;
  }
}

/** Without the engine nobody can tell the processes of containers from others, so nothing is told of ports. */
function factsOfContainers(
  { state, places }: ServerView,
  { ports, projects, containers: names }: ObservationScope,
  facts: EngineFacts | undefined,
  listening: readonly ListeningSocket[],
): Pick<Observation, "listeners" | "containers" | "namesakes" | "remarks"> & { readonly engine: string } {
  if (facts === undefined) return { engine: "", listeners: [], containers: [], namesakes: [], remarks: [] };
  const { version, containers } = facts;
  return {
    engine: version,
    listeners: listenerFacts(ports, containers, listening),
    containers: containerFacts(projects, withoutKept(containers, state)),
    namesakes: namesakeFacts({ projects, names }, containers),
    remarks: [...remarksOf(state, containers, listening), ...damagedMemories(places)],
  };
}

/** Memories of other stacks, too: nothing else names them as long as their stacks are not deployed (SEC-C11). */
function damagedMemories(places: Places): Remark[] {
  const found = `a memory of data that cannot be read; ${memoryRepair}`;
  return new DataMemories(places).damaged().map((where) => ({ where, found }));
}

async function disksOf({ state }: Places, { directory }: ObservationScope, facts: EngineFacts | undefined) {
  return await diskFacts([state, facts?.root, directory].filter((path) => path !== undefined));
}

async function volumesOf(view: ServerView, scope: ObservationScope, facts: EngineFacts | undefined) {
  const { volumes } = scope;
  return facts === undefined || volumes.length === 0 ? [] : await volumeFacts(view, volumes, scope);
}

async function networksOf(
  view: ServerView,
  scope: ObservationScope,
  facts: EngineFacts | undefined,
): Promise<Pick<Observation, "networks" | "bridges" | "handMade">> {
  const { networks, subnets, bridges, handMade } = scope;
  const asks = networks.length + subnets.length > 0 || handMade !== undefined;
  if (facts === undefined || !asks) return { networks: [], bridges: [], handMade: [] };
  const there = await view.networks();
  const { containers } = facts;
  const found = {
    ...{ containers, networks: there },
    claims: new Claims(view.places).all().filter(({ stack }) => stack !== view.places.stack),
    adoption: adoptionOf(view.state),
    own: view.state.intactBody("claim")?.projects ?? {},
  };
  return {
    networks: networkFacts(scope, there, containers),
    bridges: bridgeFacts(bridges, there),
    handMade: handMadeFacts(handMade, found),
  };
}

function adoptionFact(state: StackState, containers: readonly Container[]): Observation["adoption"] {
  const adoption = adoptionOf(state);
  const kept = keptContainers(containers, state).map(({ name }) => name);
  return adoption && { project: adoption.project, done: adoption.done, kept };
}

/** The files that shared services mount, as they are now, for the plan of those services. */
export function writtenFiles(state: StackState): WrittenFile[] {
  const body = state.intactBody("files");
  if (body === undefined) return [];
  const delivery = filesDelivery(body.directory, state);
  return Object.entries(delivery.written).map(([path, { number }]) => {
    return { path, sha256: sumNow(path, delivery), written: number };
  });
}

/** A file behind a link that somebody made counts as gone. */
function sumNow(path: string, delivery: Delivery): string {
  try {
    return delivery.sumOf(path) ?? "";
  } catch {
    return "";
  }
}
