import type { Container } from "../docker/container.ts";
import type { Engine } from "../docker/engine.ts";
import { addressOf, proxyProject, type ReleasePlace } from "./colour.ts";

/** The running container of a stack's proxy; undefined if there is none. */
export async function findProxy(engine: Engine, place: Pick<ReleasePlace, "project">): Promise<Container | undefined> {
  const containers = await engine.project(proxyProject(place));
  return containers.find(({ state, oneOff }) => state === "running" && !oneOff);
}

/** The address of a stack's proxy in one of its networks; undefined while it has none. */
export async function proxyAddress(engine: Engine, place: Pick<ReleasePlace, "project">): Promise<string | undefined> {
  const proxy = await findProxy(engine, place);
  return proxy === undefined ? undefined : addressOf(proxy);
}
