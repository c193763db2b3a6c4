import { describe, expect, it } from "vitest";
import { Progress } from "../../host/progress.ts";

describe("what a process does", () => {
  it("is its innermost step and all that it waits for, each once; steps that have ended have their times", async () => {
    const progress = new Progress();
    expect(progress.isIdle).toBe(true);
    {
      using _outer = progress.step("up");
      using _inner = progress.step("stop");
      using _one = progress.waits(() => "waits for 'web'");
      using _other = progress.waits(() => Promise.resolve("waits for 'db'"));
      using _same = progress.waits(() => "waits for 'db'");
      expect(await progress.now()).toMatchObject({ step: "stop", waits: "waits for 'web'; waits for 'db'", done: [] });
    }
    const { step, since, waits, done } = await progress.now();
    expect({ step, since, waits }).toEqual({ step: undefined, since: undefined, waits: "" });
    expect(done.map((one) => one.step)).toEqual(["stop", "up"]);
    expect(progress.isIdle).toBe(true);
  });

  it("is asked again after it could not be told", async () => {
    const progress = new Progress();
    let asked = 0;
    using _wait = progress.waits(() => {
      asked += 1;
      if (asked === 1) throw new Error("the engine is gone");
      return "waits for 'web'";
    });
    const told = [await progress.now(), await progress.now()];
    expect(told.map(({ waits }) => waits)).toEqual(["", "waits for 'web'"]);
  });

  it("is told although Docker does not say what is waited for, which it is asked once", async () => {
    const progress = new Progress();
    let asked = 0;
    const silent = (): Promise<string> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    using _step = progress.step("up");
    using _silent = progress.waits(silent);
    using _failing = progress.waits(() => Promise.reject(new Error("the engine is gone")));
    for (let told = 0; told < 2; told += 1) expect(await progress.now()).toMatchObject({ step: "up", waits: "" });
    expect(asked).toBe(1);
  });
});
