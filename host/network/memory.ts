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

  get all(): Readonly<Record<string, string>> {
    return this.#state.memory(memory, memorySchema) ?? {};
  }

  get names(): readonly string[] {
    return Object.keys(this.all);
  }

  /** By subnet that was chosen: the network that has it. */
  get chosen(): Readonly<Record<string, string>> {
    const all = Object.entries(this.all).filter(([, subnet]) => subnet !== "");
    return Object.fromEntries(all.map(([network, subnet]) => [subnet, network]));
  }

  subnetOf(name: string): Subnet | undefined {
    return parseSubnet(this.all[name] ?? "");
  }

  set(name: string, subnet: string): void {
    this.#state.remember(memory, { ...this.all, [name]: subnet });
  }

  forget(name: string): void {
    this.#state.remember(memory, Object.fromEntries(Object.entries(this.all).filter(([other]) => other !== name)));
  }
}
