import type { Body } from "../../model/document/bodies.ts";
import { parseSubnet, subnetText, type Subnet } from "../../model/subnet.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { messageOf } from "../../model/problem.ts";
import { Claims } from "../claims/claims.ts";
import { Engine, type EngineNetwork } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { networksByName } from "../network/by-name.ts";
import { NetworkMemory } from "../network/memory.ts";
import { requireOwnBridge, requireOwner, requireOwnMembers } from "../network/requirements.ts";
import { Subnets } from "../network/subnets.ts";
import { removeNetworks, removeUnused } from "../network/unused.ts";
import { difference, ownerOf, specOf, subnetsOf, type WantedNetwork } from "../network/wanted.ts";
import { removeLeftovers } from "./leftovers.ts";
import type { Told, Verb } from "./verb.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/** The networks of one stack. Others of that name are never touched. */
export const networks: Verb<"networks"> = {
  kind: "networks",

  async differences(body, view) {
    const there = await networksByName(view);
    const known = { stack: view.places.stack, subnets: new NetworkMemory(view.state).all };
    return Object.entries(body.networks).flatMap(([name, wanted]) =>
      differencesOf(name, wanted, there.get(name), known),
    );
  },

  async apply(body, work) {
    await new NetworksRun(body, work).apply();
    await removeUnused(work, Object.keys(body.networks));
    return told(body, work);
  },

  told,

  /** They go with the stack alone. */
  async remove(body, work) {
    await removeLeftovers(work);
    const memory = new NetworkMemory(work.state);
    const own = Object.entries(body.networks).filter(([, { external }]) => external !== "true");
    await removeNetworks([...new Set([...memory.names, ...own.map(([name]) => name)])].sort(), work);
  },
};

/** The subnets of the stack's own networks, for its outputs. */
function told({ networks }: Body<"networks">, { state }: View): Told {
  const chosen = new NetworkMemory(state).all;
  const own = Object.entries(networks).filter(([, { external }]) => external !== "true");
  const subnets = own.map(([name, { ranges = {} }]): [string, string[]] => {
    const named = Object.values(ranges).map(({ subnet }) => subnet);
    return [name, [...named, chosen.get(name) ?? ""].filter((subnet) => subnet !== "")];
  });
  return { subnets: Object.fromEntries(subnets) };
}

/** What the server remembers of a stack's networks. */
interface Known {
  readonly stack: string;
  readonly subnets: NetworkMemory["all"];
}

function differencesOf(
  name: string,
  wanted: WantedNetwork,
  network: EngineNetwork | undefined,
  { stack, subnets }: Known,
): Difference[] {
  const where = `network ${name}`;
  const owner = ownerOf(network);
  if (wanted.external === "true") {
    return network === undefined ? [{ where, expected: "made by others", found: "missing" }] : [];
  }
  if (network === undefined || owner !== stack) {
    const found = network === undefined ? "missing" : "made by somebody else";
    return [{ where, expected: `made for ${stack}`, found }];
  }
  const subnet = subnets.get(name);
  const other = difference(network, wanted, parseSubnet(subnet ?? ""));
  return [
    ...(other === undefined ? [] : [{ where, ...other }]),
    // A verb that looks only at the networks of the stack would leave this one out.
    ...(subnet !== undefined ? [] : [{ where: `memory of ${where}`, expected: "kept", found: "missing" }]),
  ];
}

/** One application of a document. */
class NetworksRun {
  readonly #work: Work;
  readonly #memory: NetworkMemory;
  readonly #subnets: Subnets;
  readonly #wanted: Body<"networks">["networks"];

  constructor({ range, networks }: Body<"networks">, work: Work) {
    this.#work = work;
    this.#memory = new NetworkMemory(work.state);
    this.#subnets = new Subnets(work, range, networks);
    this.#wanted = networks;
  }

  /** Nothing is made before all of it can be. */
  async apply(): Promise<void> {
    const there = await networksByName(this.#work);
    const missing: [name: string, wanted: WantedNetwork, network: EngineNetwork | undefined][] = [];
    for (const [name, wanted] of Object.entries(this.#wanted)) {
      const network = there.get(name);
      requireOwner(name, wanted, network, this.#work);
      if (wanted.external === "true") continue;
      if (network !== undefined && difference(network, wanted, this.#memory.subnetOf(name)) === undefined) {
        this.#adopt(name, wanted, network);
        continue;
      }
      requireOwnBridge(name, wanted, network, this.#work);
      if (network !== undefined) await requireOwnMembers(name, this.#work);
      missing.push([name, wanted, network]);
    }
    // Two of them may exchange their subnets.
    for (const [, , network] of missing) if (network !== undefined) await this.#takeDown(network);
    for (const [name, wanted] of missing) await this.#create(name, wanted);
  }

  /** Somebody may make a network between the choice of a subnet and its use. */
  async #create(name: string, wanted: WantedNetwork): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      const chosen = wanted.prefix === undefined ? undefined : await this.#subnets.choose(name, wanted.prefix);
      // Before it is made, so that no other stack takes the subnet after a run that was killed.
      this.#keep(name, chosen);
      if (await this.#made(name, wanted, chosen)) return;
      if (chosen === undefined || tried === mostTries) throw occupied(name, wanted, chosen, this.#work);
      this.#subnets.refuse(chosen);
    }
  }

  /** Makes a network; false if another one has its addresses. */
  async #made(name: string, wanted: WantedNetwork, chosen: Subnet | undefined): Promise<boolean> {
    const { engine, places } = this.#work;
    try {
      await Engine.during("networks", () => engine.createNetwork(specOf(name, wanted, places.stack, chosen)));
      return true;
    } catch (error) {
      if (/pool overlaps/i.test(messageOf(error))) return false;
      throw error;
    } finally {
      this.#work.changed();
    }
  }

  /** A network that is as wanted keeps its subnet, also where its memory was lost. */
  #adopt(name: string, wanted: WantedNetwork, network: EngineNetwork): void {
    const chosen = wanted.prefix === undefined ? undefined : subnetsOf(network)[0];
    if (this.#memory.all.get(name) !== textOf(chosen)) this.#keep(name, chosen);
  }

  #keep(name: string, chosen: Subnet | undefined): void {
    const { places } = this.#work;
    this.#memory.set(name, textOf(chosen));
    new Claims(places).writeChosen(places.stack, this.#memory.chosen);
  }

  /** Its containers lose it, and those who make them find that. */
  async #takeDown({ Id: id, Name: name }: EngineNetwork): Promise<void> {
    const { engine } = this.#work;
    this.#work.say("networks", `makes network '${name}' again; its containers are disconnected`);
    await Engine.during("networks", async () => {
      for (const member of await engine.membersOf(id)) await engine.disconnect(id, member);
      await engine.removeNetwork(id);
    });
    this.#work.changed();
  }
}

function occupied(name: string, { ranges = {} }: WantedNetwork, chosen: Subnet | undefined, work: Work): Failure {
  const subnets = chosen === undefined ? Object.values(ranges).map(({ subnet }) => subnet) : [textOf(chosen)];
  const what = `network '${name}' is not made, since another one has addresses of ${subnets.join(" or ")}`;
  const todo =
    chosen === undefined
      ? "set another subnet for it, or remove the other network if nothing uses it"
      : "others make networks at the same time, so wait for their end, and run `pulumi up` again";
  return new Failure("networks", `${what} (document ${work.number}); ${todo}`);
}

const mostTries = 3;

function textOf(subnet: Subnet | undefined): string {
  return subnet === undefined ? "" : subnetText(subnet);
}
