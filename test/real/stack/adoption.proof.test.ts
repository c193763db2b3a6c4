import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AdoptionServer } from "../adoption/adoption-server.ts";
import type { HandMade } from "../adoption/hand-made.ts";
import { AdoptionStory } from "../adoption/story.ts";

const long = 600_000;

/** A shop with its database and its worker, which its team started with Compose under the stack's own name. */
const shop: HandMade = {
  project: "shop",
  keepsName: true,
  hasContainerNames: false,
  networks: "default",
  services: [
    { kind: "database", place: "volume", restart: "always", hasHealthCheck: true, isBuilt: false, isPublished: false },
    { kind: "worker", place: "folder", restart: "always", hasHealthCheck: false, isBuilt: false, isPublished: false },
    { kind: "web", place: "volume", restart: "always", hasHealthCheck: true, isBuilt: true, isPublished: true },
  ],
  ending: "done",
};

let site: AdoptionServer;
let story: AdoptionStory;

beforeAll(async () => {
  site = await AdoptionServer.open();
  story = await AdoptionStory.begin(site, shop);
}, long);
afterAll(() => site[Symbol.asyncDispose]());

const journal = "/var/lib/slipway/stacks/shop@production/journal";

/** Kills `slipway up` after some lines of the verb that stops the old containers. */
async function killInAdoption(lines: number): Promise<void> {
  const count = `grep -c '"verb":"adoption"' ${journal} 2>/dev/null || true`;
  const before = Number(await site.on(count));
  const up = story.project.startUp();
  const watch = `until [ "$(${count})" -ge ${before + lines} ]; do sleep 0.02; done`;
  await Promise.race([site.server.exec(["timeout", "300", "sh", "-c", watch]), up.finished]);
  up.kill("SIGKILL");
  await up.finished;
}

describe("a shop that runs by hand (X1)", () => {
  test("is found by slipway adopt, and the plan changes nothing", () => story.isPlanned(), long);

  test(
    "runs again as before, after its first release failed and somebody went back",
    async () => {
      const { image } = await site.started.buildAppRelease({ version: "2.0.0", crashAtBoot: true }, "hand/web");
      story.project.release("2.0.0", { web: image });
      const { code, stdout } = await story.project.attempt("up", "--yes", "--skip-preview", "--color", "never");
      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/'web-(blue|green)'/) as unknown });
      await story.isUndone();
      story.project.release("1.0.0", site.images.own);
    },
    long,
  );

  test.each([1, 2, 3, 4])(
    "runs again as before, after somebody went back from an up that was killed at line %i of the old containers' end",
    async (line) => {
      await killInAdoption(line);
      await story.isUndone();
    },
    long,
  );

  test(
    "is taken over by the next up, after one was killed while it stopped the old containers",
    async () => {
      await killInAdoption(3);
      await story.isDeployed();
    },
    long,
  );

  test(
    "does not come back with the engine",
    async () => {
      await site.server.restart();
      await story.runsAlone();
    },
    long,
  );

  test("is gone for good after slipway adopt --done and an up, and its data stays", () => story.isDone(), long);
});
