import type { Body } from "../../model/document/bodies.ts";
import { bridgeOption } from "../../model/bridge.ts";
import { subnetText, type Subnet } from "../../model/subnet.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { messageOf } from "../../model/problem.ts";
import { Claims } from "../claims/claims.ts";
import { Engine, type EngineNetwork } from "../docker/engine.ts";
import { Failure } from "../failure.ts";
import { bridgeFacts } from "../facts/bridges.ts";
import { networksByName } from "../network/by-name.ts";
import { foreignMembers } from "../network/members.ts";
import { NetworkMemory } from "../network/memory.ts";
import { Subnets } from "../network/subnets.ts";
import { removeNetworks, removeUnused } from "../network/unused.ts";
import { difference, ownerOf, specOf, subnetsOf, type WantedNetwork } from "../network/wanted.ts";
import type { Told, Verb } from "./verb.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";

/** The networks of one stack. Others of that name are never touched. */
export const networks: Verb<"networks"> = {
  kind: "networks",

  async differences(body, view) {
    const there = await networksByName(view);
    return Object.entries(body.networks).flatMap(([name, wanted]) =>
      differencesOf(name, wanted, there.get(name), view),
    );
  },

  async apply(body, work) {
    const run = new NetworksRun(body, work);
    for (const [name, wanted] of Object.entries(body.networks)) await run.ensure(name, wanted);
    await removeUnused(work, Object.keys(body.networks));
    return told(body, work);
  },

  told,

  async remove(body, work) {
    const memory = new NetworkMemory(work.state);
    const own = Object.entries(body.networks).filter(([, { external }]) => external !== "true");
    await removeNetworks([...new Set([...memory.names, ...own.map(([name]) => name)])].sort(), work);
  },
};

/** The subnets that were chosen, for the outputs of the stack. */
function told(_body: Body<"networks">, { state }: View): Told {
  const chosen = Object.entries(new NetworkMemory(state).all).filter(([, subnet]) => subnet !== "");
  return { subnets: Object.fromEntries(chosen) };
}

function differencesOf(
  name: string,
  wanted: WantedNetwork,
  network: EngineNetwork | undefined,
  { places, state }: View,
): Difference[] {
  const where = `network ${name}`;
  const owner = ownerOf(network);
  if (wanted.external === "true") {
    return network === undefined ? [{ where, expected: "made by others", found: "missing" }] : [];
  }
  if (network === undefined || owner !== places.stack) {
    const found = network === undefined ? "missing" : "made by somebody else";
    return [{ where, expected: `made for ${places.stack}`, found }];
  }
  const memory = new NetworkMemory(state);
  // Whatever needs to know the networks of the stack would take it for one of somebody else.
  if (!memory.names.includes(name)) return [{ where, expected: "remembered as the stack's", found: "forgotten" }];
  const other = difference(network, wanted, memory.subnetOf(name));
  return other === undefined ? [] : [{ where, ...other }];
}

/** One application of a document. */
class NetworksRun {
  readonly #work: Work;
  readonly #memory: NetworkMemory;
  readonly #subnets: Subnets;

  constructor({ range, networks }: Body<"networks">, work: Work) {
    this.#work = work;
    this.#memory = new NetworkMemory(work.state);
    this.#subnets = new Subnets(work, range, networks);
  }

  async ensure(name: string, wanted: WantedNetwork): Promise<void> {
    const network = (await networksByName(this.#work)).get(name);
    const owner = ownerOf(network);
    if (wanted.external === "true") {
      this.#requireExternal(name, network);
      return;
    }
    if (network !== undefined && owner !== this.#work.places.stack) throw this.#foreign(name);
    if (network !== undefined && difference(network, wanted, this.#memory.subnetOf(name)) === undefined) {
      this.#adopt(name, wanted, network);
      return;
    }
    this.#requireOwnBridge(name, wanted, network);
    if (network !== undefined) {
      await this.#requireOwnMembers(name);
      await this.#takeDown(network);
    }
    await this.#create(name, wanted);
  }

  /** Somebody may make a network between the choice of a subnet and its use. */
  async #create(name: string, wanted: WantedNetwork): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      const chosen = wanted.prefix === undefined ? undefined : await this.#subnets.choose(name, wanted.prefix);
      // Before it is made, so that no other stack takes the subnet after a run that was killed.
      this.#keep(name, chosen);
      if (await this.#made(name, wanted, chosen)) return;
      if (chosen === undefined || tried === mostTries) throw this.#occupied(name, wanted, chosen);
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
    if (this.#memory.all[name] !== textOf(chosen)) this.#keep(name, chosen);
  }

  #keep(name: string, chosen: Subnet | undefined): void {
    const { places } = this.#work;
    this.#memory.set(name, textOf(chosen));
    new Claims(places).writeChosen(places.stack, this.#memory.chosen);
  }

  /** Containers of others would lose it for good, and nobody would make them again. */
  async #requireOwnMembers(name: string): Promise<void> {
    const { projects = {} } = this.#work.state.body("claim") ?? {};
    const foreign = foreignMembers(name, projects, await this.#work.containers());
    if (foreign.length === 0) return;
    const members = `'${foreign.join("', '")}'`;
    const what = `network '${name}' must be made again, and has containers that are not of this stack, got ${members}`;
    const todo = `disconnect them with \`docker network disconnect ${name} <container>\`, and connect them again later`;
    throw new Failure("networks", `${what} (document ${this.#work.number}); ${todo}`);
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

  /** The engine would take a bridge that is there, and remove it with the network. */
  #requireOwnBridge(name: string, { options }: WantedNetwork, network: EngineNetwork | undefined): void {
    const bridge = options?.[bridgeOption];
    if (bridge === undefined || network?.Options?.[bridgeOption] === bridge) return;
    if (bridgeFacts([bridge], []).length === 0) return;
    const what = `the bridge '${bridge}' of network '${name}' is there already (document ${this.#work.number})`;
    throw new Failure("networks", `${what}; give it another name in driver_opts, or none`);
  }

  #requireExternal(name: string, network: EngineNetwork | undefined): void {
    if (network !== undefined) return;
    const what = `the external network '${name}' is not there (document ${this.#work.number})`;
    throw new Failure("networks", `${what}; start what makes it, or make it with \`docker network create ${name}\``);
  }

  #occupied(name: string, { ranges = {} }: WantedNetwork, chosen: Subnet | undefined): Failure {
    const subnets = chosen === undefined ? Object.values(ranges).map(({ subnet }) => subnet) : [textOf(chosen)];
    const what = `network '${name}' is not made, since another one has addresses of ${subnets.join(" or ")}`;
    const todo =
      chosen === undefined
        ? "set another subnet for it, or remove the other network if nothing uses it"
        : "others make networks at the same time, so wait for their end, and run `pulumi up` again";
    return new Failure("networks", `${what} (document ${this.#work.number}); ${todo}`);
  }

  #foreign(name: string): Failure {
    const { stack } = this.#work.places;
    const what = `a network '${name}' is there already and is not of ${stack} (document ${this.#work.number})`;
    return new Failure("networks", `${what}; choose another \`project\`, or remove the network if nothing uses it`);
  }
}

const mostTries = 3;

function textOf(subnet: Subnet | undefined): string {
  return subnet === undefined ? "" : subnetText(subnet);
}
