import { beforeAll, describe, expect, it } from "vitest";
import { series } from "../../series.ts";
import type { ReleaseSight } from "./release-sight.ts";
import { ReleaseStack } from "./release-stack.ts";

let stack: ReleaseStack;
let sight: ReleaseSight;

beforeAll(async () => {
  const opened = await ReleaseStack.open();
  ({ stack } = opened);
  ({ sight } = stack);
  await stack.up({ version: "0" });
  return opened.close;
});

/** Each step, and whether the new release serves when a run dies there. */
const steps = [
  { step: "prepare", switched: false },
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
  { step: "gate workers ended", switched: true },
  { step: "watch", switched: true },
  { step: "retire", switched: true },
  { step: "retire ended", switched: true },
  { step: "end", switched: true },
];

const sample = steps.filter(({ step }) => step === "stop workers ended");

describe("a rollout that is killed", () => {
  it.each(series(steps, sample).map((one, index) => ({ ...one, version: String(index + 1), before: String(index) })))(
    "at '$step' leaves a release that serves, and the next run brings the new one (F2, F11, F40)",
    async ({ step, switched, version, before }) => {
      await stack.session.begin();
      const { rollout } = await stack.plan({ version });
      const load = new AbortController();
      const asked = sight.load(load.signal);
      await stack.dieAt(step, "rollout", rollout.text);
      stack.session.die();
      await sight.follows(switched ? version : before);
      const { error } = await stack.up({ version });
      load.abort();
      expect(error).toBe("");
      expect((await asked).failures).toEqual([]);
      expect(await sight.serves()).toBe(version);
      const { colours } = await sight.fact();
      expect(colours.find(({ state }) => state === "live")).toMatchObject({ release: version, verified: true });
      expect(await sight.differences()).toEqual([]);
      expect(sight.ranAtOnce("worker")).toBe(false);
    },
  );

  it("during its confirmation is confirmed by the next run", async () => {
    await stack.session.begin();
    const { rollout, confirm } = await stack.plan({ version: "confirmed" });
    expect((await stack.apply("rollout", rollout.text)).error).toBe("");
    await stack.dieAt("begin", "confirm", confirm.text);
    stack.session.die();
    expect((await stack.up({ version: "confirmed" })).error).toBe("");
    expect(await sight.serves()).toBe("confirmed");
    expect(await sight.differences()).toEqual([]);
  });
});
