import { freeSubnet, parseSubnet, subnetAround, subnetText, type Subnet } from "../../model/subnet.ts";
import { Claims } from "../claims/claims.ts";
import { Failure } from "../failure.ts";
import type { Work } from "../work.ts";
import { NetworkMemory } from "./memory.ts";
import { serverRoutes } from "./routes.ts";
import { subnetsOf, type WantedNetwork } from "./wanted.ts";

/** Chooses subnets for the networks of a stack, under the server's lease: no two stacks choose at the same time. */
export class Subnets {
  readonly #work: Work;
  readonly #memory: NetworkMemory;
  readonly #range: Subnet;
  readonly #wanted: Readonly<Record<string, WantedNetwork>>;
  readonly #refused: Subnet[] = [];

  constructor(work: Work, range: string, wanted: Readonly<Record<string, WantedNetwork>>) {
    this.#work = work;
    this.#memory = new NetworkMemory(work.state);
    this.#wanted = wanted;
    const parsed = parseSubnet(range);
    if (parsed === undefined)
      throw new Failure("networks", `'${range}' is not a range of addresses; correct networks.range`);
    this.#range = parsed;
  }

  /** The subnet of a network that is made now: the one that it had before, if that is still free. */
  async choose(name: string, prefix: number): Promise<Subnet> {
    const taken = await this.#taken(name);
    const before = this.#memory.subnetOf(name);
    const kept = before?.prefix === prefix ? freeSubnet(before, prefix, taken) : undefined;
    const subnet = kept ?? freeSubnet(this.#range, prefix, taken);
    if (subnet !== undefined) return subnet;
    const what = `no subnet of ${subnetText(this.#range)} is free for '${name}' (document ${this.#work.number})`;
    throw new Failure("networks", `${what}; set networks.range to a larger range that nothing here uses`);
  }

  /** Chooses no part of a subnet any more that the engine did not give: somebody has just taken it. */
  refuse(subnet: Subnet): void {
    this.#refused.push(subnet);
  }

  /** Everything that this server uses, and what the stacks on it have for networks that are not there now. */
  async #taken(name: string): Promise<Subnet[]> {
    const { places } = this.#work;
    const others = [...this.#memory.all].filter(([other]) => other !== name);
    const named = Object.values(this.#wanted).flatMap(({ ranges = {} }) => Object.values(ranges));
    const claimed = new Claims(places).all().filter(({ stack }) => stack !== places.stack);
    const texts = [
      ...others.map(([, subnet]) => subnet),
      ...named.map(({ subnet }) => subnet),
      ...claimed.flatMap(({ subnets }) => subnets),
    ];
    return [
      ...this.#refused,
      ...(await this.#work.networks()).flatMap(subnetsOf),
      ...serverRoutes().map(({ subnet }) => subnet),
      ...texts.flatMap((text) => subnetAround(text) ?? []),
    ];
  }
}
