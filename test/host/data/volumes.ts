import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { DataMemories } from "../../../host/data/data-memory.ts";
import { volumeFacts } from "../../../host/data/volume-facts.ts";
import { Engine, type EngineVolume } from "../../../host/docker/engine.ts";
import { stackPlaces } from "../../../host/places.ts";
import { ServerView } from "../../../host/view.ts";

/** A server with volumes that are folders of the test. */
export function volumeServer(stack = "shop/staging") {
  const folder = mkdtempSync(join(tmpdir(), "slipway-data-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const places = stackPlaces({ state: join(folder, "state"), run: join(folder, "run") }, stack);
  const volumes: EngineVolume[] = [];
  const view = Object.assign(new ServerView(places, new Engine()), { volumes: () => Promise.resolve(volumes) });
  return {
    folder,
    view,
    places,
    memories: new DataMemories(places),
    /** Makes an empty volume, and tells where it lies. */
    volume: (name: string, more: Partial<EngineVolume> = {}): string => {
      const path = join(folder, name);
      mkdirSync(path);
      volumes.push({ Name: name, Mountpoint: path, ...more });
      return path;
    },
    facts: async (names: readonly string[], clusters: Readonly<Record<string, string>> = {}, bound = {}) => {
      return await volumeFacts(view, names, { clusters, bound });
    },
  };
}

/** Writes what tells of a Postgres cluster into a folder. */
export function writeCluster(folder: string, identifier: bigint, major = "17"): void {
  mkdirSync(join(folder, "global"), { recursive: true });
  const control = Buffer.alloc(8192);
  control.writeBigUInt64LE(identifier);
  writeFileSync(join(folder, "global/pg_control"), control);
  writeFileSync(join(folder, "PG_VERSION"), `${major}\n`);
}
