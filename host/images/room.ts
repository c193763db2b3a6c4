import { statfs } from "node:fs/promises";
import { roomForLayers, type Layers } from "../../model/facts/images/room.ts";
import type { Engine } from "../docker/engine.ts";
import { Failure } from "../failure.ts";

/** Requires room for images before one of them is pulled (E20). An image of unknown size needs none. */
export async function requireRoom(images: readonly string[], layers: Layers, engine: Engine): Promise<void> {
  const isThere = await Promise.all(images.map(async (image) => (await engine.image(image)) !== undefined));
  const wanted = images.filter((_image, index) => isThere[index] !== true).flatMap((image) => layers[image] ?? []);
  if (wanted.length === 0) return;
  const listed = await engine.store.list();
  const there = new Set((await Promise.all(listed.map(({ id }) => engine.store.layers(id)))).flat());
  const problem = roomForLayers(wanted, there, await freeBytes(engine));
  if (problem !== undefined) throw new Failure("images", `${problem.what}; ${problem.todo}`);
}

/** The free bytes where an engine keeps images. */
export async function freeBytes(engine: Pick<Engine, "root">): Promise<number> {
  const { bavail, bsize } = await statfs(await engine.root());
  return bavail * bsize;
}
