import { beforeAll, describe, expect, it } from "vitest";
import { webSocket } from "../../../hosts/load/long-requests.ts";
import { changesOf, lost } from "../../../hosts/load/seen.ts";
import { SteadyLoad } from "../../../hosts/load/steady-load.ts";
import { fullSeries, series } from "../../series.ts";
import { runningIn, type ReleaseSight } from "./release-sight.ts";
import { ReleaseStack } from "./release-stack.ts";

let stack: ReleaseStack;
let sight: ReleaseSight;
/** The release that serves before a run. */
let before = "0";

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  ({ sight } = stack);
  await stack.up({ version: before });
  return opened.close;
});

/** Each step that a rollout notes, and whether the new release serves when a run dies there. */
const steps = [
  { step: "begin", switched: false },
  { step: "prepare", switched: false },
  { step: "prepare ended", switched: false },
  { step: "up", switched: false },
  { step: "up ended", switched: false },
  { step: "gate", switched: false },
  { step: "gate ended", switched: false },
  { step: "switch", switched: false },
  { step: "switch ended", switched: true },
  { step: "verify", switched: true },
  { step: "verify ended", switched: true },
  { step: "stop workers", switched: true },
  { step: "stop workers ended", switched: true },
  { step: "start workers", switched: true },
  { step: "start workers ended", switched: true },
  { step: "gate workers", switched: true },
  { step: "gate workers ended", switched: true },
  { step: "watch", switched: true },
  { step: "watch ended", switched: true },
  { step: "retire", switched: true },
  { step: "retire ended", switched: true },
  { step: "end", switched: true },
];

const sample = steps.filter(({ step }) => ["up ended", "stop workers ended"].includes(step));

/** Requires the state that a run leaves which nothing disturbs. */
async function expectDone(version: string): Promise<void> {
  const { live, warm } = await sight.servingAndWarm();
  expect((await sight.colours()).sort()).toEqual(
    [`${live} live ${version} verified`, `${warm} warm ${before} verified`].sort(),
  );
  expect(sight.containers(live)).toEqual(runningIn(live));
  expect(sight.containers(warm)).toEqual(runningIn(warm).map((one) => one.replace("running", "exited")));
  expect(await sight.serves()).toBe(version);
  expect(await sight.differences()).toEqual([]);
  before = version;
}

describe("a rollout", () => {
  it.runIf(fullSeries)("that nothing disturbs notes each of these steps, in their order", async () => {
    const noted: string[] = [];
    expect((await stack.up({ version: "whole" }, {}, (step) => noted.push(step))).error).toBe("");
    expect(noted).toEqual(steps.map(({ step }) => `rollout ${step}`));
    await expectDone("whole");
  });
});

describe("a rollout that is killed", () => {
  it.each(series(steps, sample).map((one, index) => ({ ...one, version: String(index + 1) })))(
    "at '$step' ends with the next run like any other, and one colour has the traffic at each moment (F2, F11, F40)",
    async ({ step, switched, version }) => {
      await stack.session.begin();
      const { rollout } = await stack.plan({ version });
      await using load = SteadyLoad.begin(stack.targets);
      await stack.dieAt(step, "rollout", rollout.text);
      stack.session.die();
      await sight.follows(switched ? version : before);
      const { error } = await stack.up({ version });
      const requests = await load.end();
      expect(error).toBe("");
      expect(lost(requests)).toEqual([]);
      expect(new Set(requests.map(({ release }) => release))).toEqual(new Set([before, version]));
      expect(changesOf(requests)).toBe(1);
      await expectDone(version);
      expect(sight.ranAtOnce("worker")).toBe(false);
    },
  );

  it.each(series(["begin", "drain", "drain ended", "end"], ["begin"]))(
    "at '%s' of its confirmation is confirmed by the next run, without a lost request",
    async (step) => {
      const version = `confirm ${step}`;
      await stack.session.begin();
      const { rollout, confirm } = await stack.plan({ version });
      await using load = SteadyLoad.begin(stack.targets);
      const socket = step.startsWith("drain") ? webSocket(stack.targets.web) : undefined;
      expect((await stack.apply("rollout", rollout.text)).error).toBe("");
      await stack.dieAt(step, "confirm", confirm.text);
      stack.session.die();
      expect((await stack.up({ version })).error).toBe("");
      expect((await socket)?.end ?? "1001").toBe("1001");
      expect(lost(await load.end())).toEqual([]);
      await expectDone(version);
    },
  );
});
