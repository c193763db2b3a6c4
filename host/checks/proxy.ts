import { projectOf } from "../../model/colour.ts";
import { proxyName } from "../../model/proxy.ts";
import { addressOf, type Container } from "../docker/container.ts";
import type { Engine } from "../docker/engine.ts";

/** The compose project of a stack's shared services, after which those of its proxy and its colours are named. */
interface StackProject {
  readonly project: string;
}

/** The compose project of the stack's proxy. */
export function proxyProject({ project }: StackProject): string {
  return projectOf(proxyName, project);
}

/** The running container of a stack's proxy; undefined if there is none. */
export async function findProxy(engine: Engine, place: StackProject): Promise<Container | undefined> {
  const containers = await engine.project(proxyProject(place));
  return containers.find(({ state, oneOff }) => state === "running" && !oneOff);
}

/** The address of a stack's proxy in a network, or in any of its networks; undefined while it has none. */
export async function proxyAddress(engine: Engine, place: StackProject, network?: string): Promise<string | undefined> {
  const proxy = await findProxy(engine, place);
  if (network === undefined) return proxy && addressOf(proxy);
  return proxy?.networks.get(network)?.address;
}
