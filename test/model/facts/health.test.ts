import { describe, expect, it } from "vitest";
import { unhealthyServices } from "../../../model/facts/health.ts";
import type { ContainerFact, Observation } from "../../../model/facts/observation.ts";
import type { ReleaseFact } from "../../../model/facts/release/release.ts";
import { carriedOut } from "../plan/applied-plan.ts";
import { aaperture, deployment, digest, service } from "../stack/aaperture.ts";

const colour = { release: "1.0.0", commit: "", hash: "h", since: "", verified: true };
const release: ReleaseFact = {
  colours: [
    { ...colour, colour: "blue", state: "live" },
    { ...colour, colour: "green", state: "warm" },
  ],
  holds: [],
  damage: [],
  schemas: [],
  missingImages: [],
  records: [],
};
const applied = carriedOut(aaperture(), { release });

/** The ill services of a stack of which one container is as given; the container is there in addition if it is new. */
function ill(changed: Partial<ContainerFact>, found: Observation = applied): string[] {
  const { service = "postgres" } = changed;
  const known = found.containers.find((one) => one.service === service);
  if (known === undefined) throw new Error(`there is no container of ${service}`);
  const others = found.containers.filter((one) => one !== known);
  const containers = [...others, { ...known, ...changed }];
  return unhealthyServices({ ...found, containers }).map(
    ({ service: name, project, why }) => `${name} of ${project} ${why}`,
  );
}

describe("the ill services of an observation (SEC-A5, F136)", () => {
  it("are none where all containers run and none is unhealthy, or has not decided yet", () => {
    expect(ill({})).toEqual([]);
    expect(ill({ health: "starting" })).toEqual([]);
    expect(ill({ health: "" })).toEqual([]);
  });

  it.each([
    [{ health: "unhealthy" }, "is unhealthy"],
    [{ state: "restarting" }, "restarts again and again"],
    [{ state: "exited" }, "is exited"],
    [{ state: "paused" }, "is paused"],
    [{ state: "created" }, "is created"],
  ])("are those with a container that is %j", (changed, why) => {
    expect(ill(changed)).toEqual([`postgres of aaperture-staging ${why}`]);
  });

  it("are no jobs that have ended well, and no runs by hand", () => {
    expect(ill({ state: "exited", done: true })).toEqual([]);
  });

  it("are jobs that ended badly, with their exit code; one that ended well is none, whatever restarts it", () => {
    const setup = service("setup", { image: digest("registry.test/setup", "1"), restart: "on-failure" });
    const deployed = carriedOut(deployment([setup], { setup: { job: true } }));
    const ended = { service: "setup", state: "exited" };
    expect(ill({ ...ended, exitCode: 3 }, deployed)).toEqual(["setup of shop ended with exit code 3"]);
    expect(ill({ ...ended, exitCode: 0 }, deployed)).toEqual([]);
  });

  it("are named as in the compose file where they are in a colour", () => {
    expect(ill({ service: "api-blue", health: "unhealthy" })).toEqual(["api of aaperture-staging-blue is unhealthy"]);
    expect(ill({ service: "slipway-proxy", state: "restarting" })).toEqual([
      "slipway-proxy of aaperture-staging-slipway-proxy restarts again and again",
    ]);
  });

  it("are none of a colour that does not serve, which may be kept stopped", () => {
    const warm = { service: "api-blue", state: "exited" };
    const colours = release.colours.map((one) => ({ ...one, state: one.colour === "blue" ? "warm" : "live" }) as const);
    expect(ill(warm, { ...applied, release: { ...release, colours } })).toEqual([]);
    expect(ill(warm, { ...applied, release: { ...release, colours: [] } })).toEqual([]);
  });

  it("are none that no document declares, whatever project they claim to be of (F133)", () => {
    const [postgres] = applied.containers.filter(({ service }) => service === "postgres");
    const foreign = [
      { service: "adminer", state: "exited" },
      { project: "other", state: "exited" },
    ].map((changed) => ({ ...(postgres as ContainerFact), ...changed }));
    expect(unhealthyServices({ ...applied, containers: [...applied.containers, ...foreign] })).toEqual([]);
  });

  it("are none before anything was applied, or where a document cannot be read", () => {
    const hurt = applied.applied.map((fact) => ({ ...fact, text: "damaged" }));
    const found = { ...applied, containers: applied.containers.map((one) => ({ ...one, state: "exited" })) };
    expect(unhealthyServices({ ...found, applied: [] })).toEqual([]);
    expect(unhealthyServices({ ...found, applied: hurt })).toEqual([]);
  });
});
