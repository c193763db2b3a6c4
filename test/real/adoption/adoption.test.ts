import { afterAll, beforeAll, describe, test } from "vitest";
import { series } from "../series.ts";
import { AdoptionServer } from "./adoption-server.ts";
import { someHandMade } from "./arbitrary-hand-made.ts";
import { serviceName, type HandMade } from "./hand-made.ts";
import { samples } from "./samples.ts";
import { AdoptionStory } from "./story.ts";

const long = 900_000;
const seed = Number(process.env["SLIPWAY_ADOPTION_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const count = Number(process.env["SLIPWAY_ADOPTION_RUNS"] ?? 20);
const deployments = series(someHandMade(count, seed), samples.slice(-1));
let site: AdoptionServer;

beforeAll(async () => {
  site = await AdoptionServer.open();
}, long);
afterAll(() => site[Symbol.asyncDispose]());

describe(`applications that run by hand, SLIPWAY_ADOPTION_SEED=${seed} (X1)`, () => {
  test.each(deployments.map((deployment) => [inShort(deployment), deployment] as const))(
    "%s: are adopted with all their data",
    async (_name, deployment) => {
      await site.wipe();
      const story = await AdoptionStory.begin(site, deployment);
      await story.isPlanned();
      await story.isDeployed();
      if (deployment.ending === "done") {
        await story.isDone();
      } else {
        await story.isUndone();
        await story.isDeployed();
      }
    },
    long,
  );
});

/** Says what is special in a deployment. */
function inShort({ project, keepsName, hasContainerNames, networks, services, ending }: HandMade): string {
  const all = services.map(({ kind, place }) => serviceName[kind] + (place === undefined ? "" : ` (${place})`));
  const names = [
    `${keepsName ? "the same" : "another"} project`,
    ...(hasContainerNames ? ["names of containers"] : []),
    `${networks} networks`,
  ];
  return `${project} of ${all.join(", ")} with ${names.join(", ")}, then ${ending}`;
}
