import type { Body } from "../../model/document/bodies.ts";
import type { Claim } from "../../model/facts/claim.ts";
import { ensureClaimIsFree, type ClaimedServer } from "../../model/facts/collisions.ts";
import { ensureMemoryFits } from "../../model/facts/memory.ts";
import { total } from "../../model/memory-budget.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { describeProblem } from "../../model/problem.ts";
import { claimedProjects } from "../adoption/claimed.ts";
import { goBack } from "../adoption/go-back.ts";
import { withoutKept } from "../state/adoption-memory.ts";
import { Claims, type HeldClaim } from "../claims/claims.ts";
import { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { machineFacts } from "../facts/machine.ts";
import { realPath } from "../files/real-path.ts";
import { containerFacts, namesakeFacts } from "../facts/containers.ts";
import { directoryFact } from "../facts/directory.ts";
import { networkFacts, routeFacts } from "../facts/networks.ts";
import { NetworkMemory } from "../network/memory.ts";
import { serverRoutes } from "../network/routes.ts";
import { listenerFacts } from "../facts/listeners.ts";
import { listeningSockets } from "../facts/sockets.ts";
import type { StackState } from "../state/stack-state.ts";
import type { Verb } from "./verb.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/** Names, folders and ports of a server belong to one stack alone, as long as it is deployed (A5). */
export const claim: Verb<"claim"> = {
  kind: "claim",

  differences(body, { places, state }) {
    const held = new Claims(places).of(places.stack);
    if (held === undefined) return Promise.resolve([{ where: "claim", expected: "held", found: "missing or damaged" }]);
    return Promise.resolve(differencesOf(heldClaim(body, state), held));
  },

  async apply(body, work) {
    await requireFree(body, work);
    new Claims(work.places).write(work.places.stack, heldClaim(body, work.state));
    return {};
  },

  /** It is the last object of a stack: a run that was killed may have left no resource for what it stopped (X1). */
  async remove(_body, work) {
    await goBack(work);
    new Claims(work.places).remove(work.places.stack);
  },
};

/** The subnets that were chosen are in the memory of the networks, also after the claim's own file was damaged. */
function heldClaim({ subnets = {}, ...body }: Body<"claim">, state: StackState): HeldClaim {
  const { directory, containers, ports, volumes, networks } = body;
  const { chosen } = new NetworkMemory(state);
  const projects = claimedProjects(body.projects, state);
  const held = {
    directory,
    real: realPath(directory),
    projects,
    containers,
    ports,
    volumes,
    networks,
    subnets,
    chosen,
  };
  return body.memory === undefined ? held : { ...held, memory: total(body.memory.parts) };
}

function differencesOf(wanted: HeldClaim, held: HeldClaim): Difference[] {
  const places = (["directory", "real"] as const)
    .filter((name) => wanted[name] !== held[name])
    .map((name) => ({ where: `claim ${name}`, expected: wanted[name], found: held[name] }));
  const names = (["containers", "networks", "subnets", "chosen", "ports", "projects", "volumes"] as const).flatMap(
    (list) => nameDifferences(list, wanted[list], held[list]),
  );
  const [memory, heldMemory] = [String(wanted.memory ?? "none"), String(held.memory ?? "none")];
  const ofMemory = { where: "claim memory", expected: memory, found: heldMemory };
  return [...places, ...names, ...(memory === heldMemory ? [] : [ofMemory])];
}

type Names = Readonly<Record<string, string>>;

/** A volume may be called `constructor`. */
function nameDifferences(list: string, wanted: Names, held: Names): Difference[] {
  const [ours, theirs] = [new Map(Object.entries(wanted)), new Map(Object.entries(held))];
  const all = [...new Set([...ours.keys(), ...theirs.keys()])];
  return all
    .filter((name) => ours.get(name) !== theirs.get(name))
    .map((name) => {
      const [expected = "nothing", found = "missing"] = [ours.get(name), theirs.get(name)];
      return { where: `claim ${list} ${name}`, expected, found };
    });
}

/** Asks the rule of the preview again, now that no other run can change this server. */
async function requireFree(body: Body<"claim">, work: Work): Promise<void> {
  const server = await Engine.during("claim", () => observedFor(body, work));
  const wanted = claimIn(body, work.places.stack);
  const problems = [
    ...ensureClaimIsFree({ ...wanted, path: "host" }, server),
    ...ensureMemoryFits(wanted, { claims: server.claims, memoryTotal: machineFacts().memoryTotal }),
  ];
  if (problems.length === 0) return;
  for (const problem of problems) work.say("claim", describeProblem(problem));
  const what = `document ${work.number} claims what is not free, so nothing was changed`;
  throw new Failure("claim", `${what}; solve the problems above and run slipway again`);
}

async function observedFor(body: Body<"claim">, view: View): Promise<ClaimedServer> {
  const { directory, ports } = body;
  const projects = Object.keys(body.projects);
  const subnets = Object.keys(body.subnets ?? {});
  const containers = withoutKept(await view.containers(), view.state);
  const networks = { networks: Object.keys(body.networks), subnets, projects };
  return {
    claims: new Claims(view.places).all(),
    listeners: listenerFacts(Object.keys(ports), containers, await listeningSockets()),
    containers: containerFacts(projects, containers),
    namesakes: namesakeFacts({ projects, names: Object.keys(body.containers) }, containers),
    networks: networkFacts(networks, await view.networks(), containers),
    routes: routeFacts(subnets, serverRoutes()),
    directory: directoryFact(directory, view.state),
    applied: view.state.allApplied().applied,
  };
}

function claimIn(body: Body<"claim">, stack: string): Claim {
  const [project = ""] = Object.entries(body.projects).flatMap(([name, part]) => (part === "shared" ? [name] : []));
  const { subnets = {}, memory = { parts: {}, reserve: 0 } } = body;
  return { ...body, subnets, memory, stack, project, protected: body.protected === "true" };
}
