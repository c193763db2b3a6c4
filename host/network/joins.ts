import type { Body } from "../../model/document/bodies.ts";
import type { Difference } from "../../model/facts/observation.ts";
import { messageOf } from "../../model/problem.ts";
import type { Container } from "../docker/container.ts";
import { Engine, type EngineNetwork } from "../docker/engine.ts";
import type { ProjectView } from "../project/project-view.ts";
import type { StackState } from "../state/stack-state.ts";
import type { View } from "../view.ts";
import type { Work } from "../work.ts";
import { declaredNetworks } from "./declared.ts";
import { Failure } from "../failure.ts";
import { NetworkMemory } from "./memory.ts";
import { goneNetwork, networksByName } from "./by-name.ts";
import { fixedAddress } from "./wanted.ts";

type Joined = NonNullable<Body<"compose">["joins"]>;
type Join = Joined[string][string];

/**
 * The networks that the containers of a project join beside those of their compose file: one in the file would make
 * the containers again when the first release service comes.
 */
export class Joins {
  readonly #joins: Joined;
  readonly #declared: ReadonlySet<string>;

  constructor(body: Body<"compose">, state: StackState) {
    this.#joins = body.joins ?? {};
    this.#declared = new Set(declaredNetworks(body, state));
  }

  get isEmpty(): boolean {
    return Object.keys(this.#joins).length === 0;
  }

  /** The networks of the stack that are none of the compose file's: who is in them is decided here. */
  beside({ state }: View): ReadonlySet<string> {
    return new Set(new NetworkMemory(state).names.filter((name) => !this.#declared.has(name)));
  }

  /** Every container that is not where it is to be, or is where it is not to be. */
  async differences(project: ProjectView): Promise<Difference[]> {
    const there = await networksByName(project.view);
    const beside = this.beside(project.view);
    return (await project.containers()).flatMap((container): Difference[] => {
      const where = (network: string): string => `${container.name} in network ${network}`;
      const missing = this.#wanted(container).filter(
        ([name, join]) => !isJoined(container, join, there.get(name), name),
      );
      return [
        ...missing.map(([name]) => ({ where: where(name), expected: "joined", found: "not, or under other names" })),
        ...this.#left(container, beside).map((name) => ({
          where: where(name),
          expected: "not joined",
          found: "joined",
        })),
      ];
    });
  }

  /** Brings every container to where it is to be; nothing is made again. */
  async connect(project: ProjectView, work: Work): Promise<void> {
    const there = await networksByName(work);
    const beside = this.beside(work);
    const ours = await project.containers();
    const all = await work.containers();
    for (const container of ours) {
      for (const name of this.#left(container, beside)) await this.#leave(container, name, work);
      for (const [name, join] of this.#wanted(container)) {
        const network = there.get(name);
        if (network === undefined) throw goneNetwork(name, work);
        if (join.fixed === "true") requireAddress(container, network, all, work);
        if (isJoined(container, join, network, name)) continue;
        if (container.networks.has(name)) await this.#leave(container, name, work);
        await this.#enter(container, network, join, work);
      }
    }
  }

  async #enter({ id, name }: Container, network: EngineNetwork, join: Join, work: Work): Promise<void> {
    const { engine, number } = work;
    const place = { aliases: namesOf(join), address: join.fixed === "true" ? fixedAddress(network) : undefined };
    try {
      await engine.connect(network.Id, id, place);
    } catch (error) {
      const at = place.address === undefined ? "" : ` at ${place.address}`;
      const what = `cannot connect '${name}' to network '${network.Name}'${at} (document ${number})`;
      const todo = `see who is in it with \`docker network inspect ${network.Name}\`, then run \`pulumi up\` again`;
      throw new Failure("networks", `${what}: ${messageOf(error)}; ${todo}`);
    } finally {
      work.changed();
    }
  }

  async #leave({ id }: Container, network: string, work: Work): Promise<void> {
    await Engine.during("networks", () => work.engine.disconnect(network, id));
    work.changed();
  }

  /** A container in the network of another one has none of its own. */
  #wanted({ service, networks }: Container): readonly (readonly [name: string, join: Join])[] {
    return networks.size === 0 ? [] : Object.entries(this.#joins[service] ?? {});
  }

  #left({ service, networks }: Container, beside: ReadonlySet<string>): string[] {
    const wanted = this.#joins[service] ?? {};
    return [...networks.keys()].filter((name) => beside.has(name) && !Object.hasOwn(wanted, name));
  }
}

/** A container that never ran has no network's id yet. */
function isJoined(container: Container, join: Join, network: EngineNetwork | undefined, name: string): boolean {
  const place = container.networks.get(name);
  if (place === undefined || network === undefined || (place.id !== "" && place.id !== network.Id)) return false;
  if (join.fixed === "true" && place.address !== "" && place.address !== fixedAddress(network)) return false;
  return namesOf(join).every((alias) => place.aliases.includes(alias));
}

/** The engine would tell only when the container starts, and not in which network. */
function requireAddress(
  { id, name }: Container,
  network: EngineNetwork,
  all: readonly Container[],
  { number }: Work,
): void {
  const address = fixedAddress(network);
  const other = all.find((one) => one.id !== id && one.networks.get(network.Name)?.address === address);
  if (other === undefined || address === undefined) return;
  const what = `container '${other.name}' has the address ${address} in network '${network.Name}'`;
  const todo = `run \`docker network disconnect ${network.Name} ${other.name}\`, then \`pulumi up\` again`;
  throw new Failure("networks", `${what}, which is for '${name}' (document ${number}); ${todo}`);
}

function namesOf({ aliases = "" }: Join): string[] {
  return aliases.split(" ").filter((alias) => alias !== "");
}
