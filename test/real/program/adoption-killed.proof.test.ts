import { beforeAll, describe, expect, it } from "vitest";
import { EngineConnection } from "../../../host/docker/connection.ts";
import { Engine } from "../../../host/docker/engine.ts";
import { adoption as verb } from "../../../host/verbs/adoption.ts";
import type { Work } from "../../../host/work.ts";
import { base } from "../../hosts/image/images.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { composeOnPath } from "./compose/compose-on-path.ts";
import { docker } from "./docker.ts";
import { HandMadeProject } from "./hand-made.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

/** The engine of a verb that is killed after so many changes; the last one was made, and nobody heard of it. */
class DyingConnection extends EngineConnection {
  #left: number;

  constructor(changes: number) {
    super();
    this.#left = changes;
  }

  override async bytes(asked: Parameters<EngineConnection["bytes"]>[0]): ReturnType<EngineConnection["bytes"]> {
    if (asked.method === "GET") return await super.bytes(asked);
    if (this.#left === 0) throw new Error("killed");
    this.#left -= 1;
    const answer = await super.bytes(asked);
    if (this.#left === 0) throw new Error("killed");
    return answer;
  }
}

function dyingWork(project: HandMadeProject, changes: number): Work {
  return Object.assign(project.server.work("adoption"), { engine: new Engine(new DyingConnection(changes)) });
}

/** Runs a verb until it is killed after so many changes; tells whether it was. */
async function isKilled(run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
    return false;
  } catch (error) {
    expect(String(error)).toContain("killed");
    return true;
  }
}

function shop(): HandMadeProject {
  return new HandMadeProject({ db: {}, web: { network_mode: "service:db" } });
}

/** Every number of changes after which a verb can be killed, until it is not. */
async function afterEachChange(act: (changes: number) => Promise<boolean>): Promise<void> {
  let changes = 1;
  while (await act(changes)) changes += 1;
  expect(changes).toBeGreaterThan(3);
}

describe("an adoption that is killed after any change (X1)", () => {
  it("goes back to what ran", { timeout: 300_000 }, async () => {
    const project = shop();
    const before = project.containers();
    await afterEachChange(async (changes) => {
      const killed = await isKilled(() => verb.apply(project.body(), dyingWork(project, changes)));
      await project.goBack();
      expect(project.containers()).toEqual(before);
      return killed;
    });
  });

  it("goes on, or forth and back again, where the way back is killed", { timeout: 300_000 }, async () => {
    const project = shop();
    const before = project.containers();
    await afterEachChange(async (changes) => {
      await project.takeOver();
      docker("rm", "--force", `${project.project}-db-1`);
      const killed = await isKilled(() => verb.remove(project.body(), dyingWork(project, changes)));
      if (killed && changes % 2 === 0) {
        await project.takeOver();
        expect(project.containers().map(({ state }) => state)).not.toContain("running");
      }
      await project.goBack();
      expect(project.containers()).toEqual(before);
      return killed;
    });
  });
});
