import { z } from "zod";
import { parseSubnet, type Subnet } from "../../model/subnet.ts";
import type { StackState } from "../state/stack-state.ts";

const memory = "networks";

/** By name: the subnet that was chosen for a network, empty where its file names one. */
const memorySchema = z.record(z.string(), z.string());

/** The networks that a stack has on this server, with the subnets that were chosen for them and stay theirs. */
export class NetworkMemory {
  readonly #state: StackState;

  constructor(state: StackState) {
    this.#state = state;
  }

  /** By name; a network may be called `constructor`. */
  get all(): ReadonlyMap<string, string> {
    return new Map(Object.entries(this.#state.memory(memory, memorySchema) ?? {}));
  }

  get names(): readonly string[] {
    return [...this.all.keys()];
  }

  /** By subnet that was chosen: the network that has it. */
  get chosen(): Readonly<Record<string, string>> {
    const all = [...this.all].filter(([, subnet]) => subnet !== "");
    return Object.fromEntries(all.map(([network, subnet]) => [subnet, network]));
  }

  subnetOf(name: string): Subnet | undefined {
    return parseSubnet(this.all.get(name) ?? "");
  }

  set(name: string, subnet: string): void {
    this.#state.remember(memory, Object.fromEntries([...this.all, [name, subnet]]));
  }

  forget(name: string): void {
    this.#state.remember(memory, Object.fromEntries([...this.all].filter(([other]) => other !== name)));
  }
}
