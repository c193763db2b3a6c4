import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { docker } from "../docker.ts";
import { runningIn, type ReleaseSight } from "./release-sight.ts";
import { ReleaseStack } from "./release-stack.ts";

let stack: ReleaseStack;
let sight: ReleaseSight;
const second = { version: "2.0.0", bootDelay: "500ms" };

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  ({ sight } = stack);
  return opened.close;
});

describe("a rollout", () => {
  it("brings the first release up in blue; it serves, and is verified by its confirmation", async () => {
    const { error, answer } = await stack.up({ version: "1.0.0" });
    expect(error).toBe("");
    expect(answer).toMatchObject({ outcome: "applied", live: { colour: "blue", release: "1.0.0", verified: true } });
    expect(await sight.serves("api")).toBe("1.0.0");
    expect(await sight.serves("web")).toBe("1.0.0");
    expect(stack.routes()).toMatch(/^# colour: blue, release: 1\.0\.0, generation: [0-9]+-1\.a[0-9]+-[0-9a-f]{12}\n/);
    expect(await sight.colours()).toEqual(["blue live 1.0.0 verified", "green idle"]);
    expect(await sight.verdicts()).toEqual(["run-1 verified 1.0.0"]);
    expect(await sight.differences()).toEqual([]);
  });

  it("finds nothing to do for the release that serves, and the run leaves one record", async () => {
    const { answer } = await stack.up({ version: "1.0.0" });
    expect(answer).toMatchObject({ outcome: "unchanged" });
    expect(await sight.verdicts()).toEqual(["run-1 verified 1.0.0", "run-2 done"]);
  });

  it("switches to the second release under load, loses no request, and stops the first (E3, F44, F61)", async () => {
    const end = new AbortController();
    const load = sight.load(end.signal);
    let slow: Promise<string> | undefined;
    await stack.session.begin();
    const rolled = await stack.roll(second, {}, (step) => {
      if (step === "rollout switch") slow = sight.slowly(6000);
    });
    const { confirm } = await stack.plan(second);
    const confirmed = await stack.apply("confirm", confirm.text);
    await stack.session.end();
    end.abort();
    expect([rolled.error, confirmed.error]).toEqual(["", ""]);
    expect(await slow).toBe("200 1.0.0");
    const { releases, failures, count } = await load;
    expect(failures).toEqual([]);
    expect(count).toBeGreaterThan(20);
    expect([...releases].sort()).toEqual(["1.0.0", "2.0.0"]);
    const [counted] = stack.said.filter((line) => line.includes("while the traffic moved"));
    expect(counted).toMatch(/ 0 of slipway's own [0-9]{2,} requests failed, .* answered 0 requests with an error$/);
    expect(sight.containers("green")).toEqual(runningIn("green"));
    expect(sight.containers("blue")).toEqual(runningIn("blue").map((one) => one.replace("running", "exited")));
    expect(await sight.colours()).toEqual(["blue warm 1.0.0 verified", "green live 2.0.0 verified"]);
    expect(await sight.differences()).toEqual([]);
  });

  it("records a verified release with its images, its run and the time of each phase", async () => {
    const { verified } = await sight.fact();
    expect(verified).toMatchObject({ release: "2.0.0", run: "run-3", holder: "ada", job: "https://ci.test/1" });
    expect(Object.keys(verified?.images ?? {}).sort()).toEqual(["api", "slipway-proxy", "web", "worker"]);
    expect(verified?.traffic).toMatchObject({ failed: 0, errors: 0 });
    const phases = verified?.phases ?? {};
    for (const phase of ["up", "gate", "switch", "verify", "watch", "rollout"]) expect(phases).toHaveProperty(phase);
  });
});

/** Changes by hand, and the differences that they cause. */
const changedByHand = [
  {
    what: "a container that was removed",
    act: () => void docker("rm", "--force", `${stack.project}-api-green-1`),
    found: () => `rollout: ${stack.project}-api-green-1: running => missing`,
  },
  {
    what: "routes that were removed",
    act: () => rmSync(join(stack.directory, "slipway-proxy/dynamic/routes.yaml")),
    found: () => `rollout: ${stack.directory}/slipway-proxy/dynamic/routes.yaml: as it was written => missing`,
  },
  {
    what: "routes that were changed",
    act: () => {
      const changed = stack.routes().replaceAll("api-green", "web-green");
      writeFileSync(join(stack.directory, "slipway-proxy/dynamic/routes.yaml"), changed);
    },
    found: () => `rollout: ${stack.directory}/slipway-proxy/dynamic/routes.yaml: as it was written => changed by hand`,
  },
  {
    what: "a warm release that was started by hand",
    act: () => void docker("start", `${stack.project}-web-blue`),
    found: () => "confirm: 1.0.0 in blue: stopped => running",
  },
];

describe("a repair", () => {
  it.each(changedByHand)("names $what, and mends it in place without another release (F96)", async ({ act, found }) => {
    act();
    expect(await sight.differences()).toContainEqual(found());
    const { error } = await stack.up(second);
    expect(error).toBe("");
    expect(await sight.differences()).toEqual([]);
    expect(await sight.colours()).toEqual(["blue warm 1.0.0 verified", "green live 2.0.0 verified"]);
    expect(await sight.serves()).toBe("2.0.0");
  });

  it("is all that another watch of the same release needs", async () => {
    const { error } = await stack.up(second, { rollout: { watch: 2 } });
    expect(error).toBe("");
    expect(await sight.colours()).toEqual(["blue warm 1.0.0 verified", "green live 2.0.0 verified"]);
    expect(await sight.differences()).toEqual([]);
  });

  it("keeps the previous release as the stack says: running, stopped or not at all", async () => {
    expect((await stack.up(second, { rollout: { watch: 2, warm: "running" } })).error).toBe("");
    const workerIdle = runningIn("blue").map((one) => one.replace("worker-blue running", "worker-blue exited"));
    expect(sight.containers("blue")).toEqual(workerIdle);
    expect(await sight.differences()).toEqual([]);
    expect((await stack.up(second, { rollout: { watch: 2, warm: "none" } })).error).toBe("");
    expect(sight.containers("blue")).toEqual([]);
    expect(await sight.colours()).toEqual(["blue idle", "green live 2.0.0 verified"]);
    expect(await sight.differences()).toEqual([]);
  });

  it("finds what serves in the routes when its memory is lost (F58, F95)", async () => {
    stack.view().state.forgetMemory("colours");
    expect(await sight.colours()).toEqual(["blue idle", "green live 2.0.0"]);
    const { error } = await stack.up(second, { rollout: { watch: 2, warm: "none" } });
    expect(error).toBe("");
    expect(await sight.colours()).toEqual(["blue idle", "green live 2.0.0 verified"]);
    expect(await sight.differences()).toEqual([]);
  });
});

describe("deleting a release", () => {
  it("removes the routes, then both colours with their files and networks", async () => {
    expect((await stack.up({ version: "last" })).error).toBe("");
    await stack.delete();
    expect([...sight.containers("blue"), ...sight.containers("green")]).toEqual([]);
    expect(stack.files()).toEqual(["slipway-proxy", "slipway-proxy/compose.yaml", "slipway-proxy/traefik.yaml"]);
  });
});
