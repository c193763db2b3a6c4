import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Failure } from "../../../host/failure.ts";
import { withDeadline } from "../../../host/verbs/deadline.ts";

const late = (): Failure => new Failure("compose", "was not done within its 0.1 s");
const deadline = { seconds: 0.1, undo: 30, late, tells: (error: unknown) => error instanceof Failure };

describe("the deadline of a verb", () => {
  it("leaves a verb alone that ends in time, well or not, and does not come after its end", async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    let signal: AbortSignal | undefined;
    const ends = (act: () => Promise<string>) =>
      withDeadline(deadline, (own) => {
        signal = own;
        return act();
      });
    expect(await ends(() => Promise.resolve("done"))).toBe("done");
    await expect(ends(() => Promise.reject(new Error("full disk")))).rejects.toThrow("full disk");
    expect(vi.getTimerCount()).toBe(0);
    expect(signal?.aborted).toBe(false);
  });

  it("rejects a verb that waits too long, by its signal", async () => {
    const waits = withDeadline(deadline, (signal) => pause(60_000, "done", { signal }));
    await expect(waits).rejects.toThrow("was not done within its 0.1 s");
  });

  it("rejects with the reason of a verb that puts back what it began, and waits for that (SEC-C10)", async () => {
    let isBack = false;
    const undoes = withDeadline(deadline, async (signal) => {
      await once(signal, "abort");
      await new Promise(setImmediate); // the undo waits for something, too
      isBack = true;
      throw new Failure("rollout", "blue serves again");
    });
    await expect(undoes).rejects.toThrow("blue serves again");
    expect(isBack).toBe(true);
  });

  it("rejects a verb whose undo has no end either", async () => {
    const hangs = withDeadline({ ...deadline, undo: 0.1 }, () => new Promise(() => undefined));
    await expect(hangs).rejects.toThrow("was not done within its 0.1 s");
  });
});
