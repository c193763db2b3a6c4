import { beforeAll, describe, expect, it } from "vitest";
import { fullSeries, series } from "../../series.ts";
import { runningIn, type ReleaseSight } from "./release-sight.ts";
import { ReleaseStack } from "./release-stack.ts";

let stack: ReleaseStack;
let sight: ReleaseSight;
const recreate = { rollout: { strategy: "recreate" } } as const;

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  ({ sight } = stack);
  await stack.up({ version: "0" }, recreate);
  return opened.close;
});

/** Whether any service ran in both colours at the same moment. */
function ranAtOnce(): boolean {
  return ["api", "web", "worker"].some((service) => sight.ranAtOnce(service));
}

describe("a release by recreate", () => {
  it("starts when the one before has stopped, and the proxy answers 503 until it is checked", async () => {
    const end = new AbortController();
    const load = sight.load(end.signal);
    const { error } = await stack.up({ version: "slow", bootDelay: "1s" }, recreate);
    end.abort();
    expect(error).toBe("");
    const { failures, releases } = await load;
    expect([...new Set(failures)]).toEqual([expect.stringMatching(/^503 no available server/)]);
    expect([...releases].sort()).toEqual(["0", "slow"]);
    expect(ranAtOnce()).toBe(false);
    expect(sight.containers("green")).toEqual(runningIn("green"));
    expect(await sight.colours()).toEqual(["blue warm 0 verified", "green live slow verified"]);
    expect(await sight.differences()).toEqual([]);
  });

  it("says how long no release answered, in its words and its record", async () => {
    const said = stack.said.filter((line) => line.includes("no release answered"));
    expect(said).toEqual([expect.stringMatching(/^release: no release answered for [0-9]+\.[0-9] s$/)]);
    const seconds = Number(/[0-9.]+/.exec(said[0]?.replace("release:", "") ?? "")?.[0]);
    expect(seconds).toBeGreaterThan(1);
    const { phases, traffic } = (await sight.fact()).verified ?? {};
    expect(Math.abs((phases?.["gap"] ?? 0) - seconds)).toBeLessThan(0.2);
    // Everybody got these errors, slipway among them.
    expect(traffic?.failed).toBeGreaterThan(5);
    expect(traffic?.errors).toBeGreaterThan(traffic?.failed ?? 0);
  });

  it("that fails at the gate gives way to the one before, and is held: another try is another gap (F68)", async () => {
    const { error } = await stack.up({ version: "bad", unhealthy: true }, { ...recreate, boot: 2 });
    expect(error).toMatch(
      /^bad is unhealthy: 'api' was not healthy within 2 s: .*; slow in green serves again, and bad is/,
    );
    expect(await sight.serves()).toBe("slow");
    expect(sight.containers("blue")).toEqual([]);
    expect(sight.containers("green")).toEqual(runningIn("green"));
    expect((await sight.fact()).holds).toMatchObject([{ release: "bad", by: "gate" }]);
    const record = (await sight.fact()).records.at(-1);
    expect(record).toMatchObject({ verdict: "failed", release: "bad" });
    expect(record?.phases["gap"]).toBeGreaterThan(2);
    expect(await sight.differences()).toEqual([]);
  });

  it.runIf(fullSeries)("that nobody confirms stops before the one before starts again", async () => {
    await stack.session.begin();
    expect((await stack.roll({ version: "open" }, recreate)).error).toBe("");
    expect(await sight.serves()).toBe("open");
    await stack.session.end();
    expect(await sight.serves()).toBe("slow");
    expect(sight.containers("green")).toEqual(runningIn("green"));
    expect(sight.containers("blue")).toEqual([]);
  });
});

/** Each step of its own at which a run may die. */
const steps = ["gap", "stand still", "stand still ended", "stop", "stop ended", "up", "gate", "switch", "switch ended"];

describe("a release by recreate whose run is killed", () => {
  it.each(series(steps, ["stop ended"]).map((step, index) => ({ step, version: `k${index}` })))(
    "at '$step' gives way to the one before at the next run, which then brings the new one (F2, F11)",
    async ({ step, version }) => {
      await stack.session.begin();
      const { rollout } = await stack.plan({ version }, recreate);
      const before = await sight.serves();
      await stack.dieAt(step, "rollout", rollout.text);
      stack.session.die();
      await stack.session.begin();
      expect([before, version]).toContain(await sight.serves());
      await stack.session.end();
      expect((await stack.up({ version }, recreate)).error).toBe("");
      expect(await sight.serves()).toBe(version);
      expect(ranAtOnce()).toBe(false);
      expect(await sight.differences()).toEqual([]);
    },
  );
});
