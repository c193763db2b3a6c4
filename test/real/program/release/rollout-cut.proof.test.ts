import { beforeAll, describe, expect, it } from "vitest";
import { Engine } from "../../../../host/docker/engine.ts";
import { fullSeries } from "../../series.ts";
import { CutEngine, type Cut } from "../cut-engine.ts";
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

const ways: readonly Cut[] = ["before", "after", "within"];

/** One run with the engine behind a socket that breaks off; gives what the rollout said. */
async function runWith(cut: CutEngine, version: string): Promise<string> {
  await stack.session.begin();
  const { rollout, confirm } = await stack.plan({ version });
  const { error } = await cut.during(async (engine) => {
    stack.engine = engine;
    const end = await stack.apply("rollout", rollout.text);
    stack.engine = new Engine();
    return end;
  });
  if (error === "") await stack.apply("confirm", confirm.text);
  await stack.session.end();
  return error;
}

describe("a rollout whose engine breaks off", () => {
  it("keeps a release that serves all the time, and the next run brings the new one (F25)", async () => {
    const cut = await CutEngine.open();
    expect(await runWith(cut, "whole")).toBe("");
    const count = cut.asked.length;
    const step = fullSeries ? Math.ceil(count / 40) : Math.ceil(count / 3);
    for (let at = step; at <= count; at += step) {
      const version = `cut-${at}`;
      const load = new AbortController();
      const asked = sight.load(load.signal);
      cut.cutAt(at, ways[at % ways.length]);
      const error = await runWith(cut, version);
      cut.cutAt();
      if (error !== "") expect(error).toMatch(/document [0-9]+\.[0-9a-f]+/);
      expect((await stack.up({ version })).error, `after: ${error}`).toBe("");
      load.abort();
      expect((await asked).failures, `at ${at} of ${count}: ${error}`).toEqual([]);
      expect(await sight.serves()).toBe(version);
      expect(await sight.differences()).toEqual([]);
    }
  }, 1_800_000);
});
