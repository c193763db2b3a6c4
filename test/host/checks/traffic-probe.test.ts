import { describe, expect, it } from "vitest";
import { TrafficProbe } from "../../../host/checks/traffic-probe.ts";

const good = { good: true, words: "200" };
const bad = { good: false, words: "502" };

describe("slipway's own requests around a switch", () => {
  it("ask each question in its turn, and count those without a good answer", async () => {
    const asked: string[] = [];
    const question = (name: string, answer: typeof good) => () => {
      asked.push(name);
      return Promise.resolve(answer);
    };
    const probe = new TrafficProbe([question("web", good), question("api", bad)]);
    await expect.poll(() => asked.length).toBeGreaterThanOrEqual(4);
    const { asked: count, failed } = await probe.end();
    expect(asked.slice(0, 4)).toEqual(["web", "api", "web", "api"]);
    expect({ count, failed }).toEqual({ count: asked.length, failed: Math.floor(asked.length / 2) });
  });

  it("do not wait for an answer before the next, and count an answer that comes after the end", async () => {
    const waiting: ((answer: typeof good) => void)[] = [];
    const probe = new TrafficProbe([() => new Promise((resolve) => waiting.push(resolve))]);
    await expect.poll(() => waiting.length).toBeGreaterThanOrEqual(3);
    const ended = probe.end();
    waiting.forEach((answer) => answer(bad));
    expect(await ended).toEqual({ asked: waiting.length, failed: waiting.length });
  });

  it("count a question that breaks off as failed, and end neither the count nor the switch", async () => {
    let count = 0;
    const probe = new TrafficProbe([
      () => {
        count += 1;
        return Promise.reject(new Error("the engine is away"));
      },
    ]);
    await expect.poll(() => count).toBeGreaterThanOrEqual(2);
    const { asked, failed } = await probe.end();
    expect(failed).toBe(asked);
  });

  it("are none where nothing can be asked", async () => {
    expect(await new TrafficProbe([]).end()).toEqual({ asked: 0, failed: 0 });
  });
});
