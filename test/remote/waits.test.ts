import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WaitedServer, Waits } from "../../remote/waits.ts";
import { connectionTo } from "./stub-ssh.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const server = "deploy@192.0.2.1:22";

/** Waits whose lines have the second in which they came. */
function shown({ terminal = false } = {}) {
  const lines: string[] = [];
  const began = performance.now();
  const at = (line: string): void => void lines.push(`${((performance.now() - began) / 1000).toFixed(1)} ${line}`);
  const waits = new Waits({ show: at, over: () => at("over"), terminal });
  const { waiting, hear } = new WaitedServer(waits, connectionTo("deploy"));
  const gate = (state: string, seconds = 1): void => {
    const done = [{ step: "up", seconds: 0.8 }];
    hear({ progress: [{ what: "gate", seconds, waits: state, done }] });
  };
  return { lines, waits, waiting, hear, gate };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000);

describe("a wait", () => {
  it("is told after two seconds, and every two seconds as long as it takes", async () => {
    const { lines, waiting } = shown();
    using _wait = waiting("connects to");
    await seconds(6.5);
    expect(lines).toEqual(["2.0", "4.0", "6.0"].map((at) => `${at} connects to ${server}, ${at[0] ?? ""} s`));
  });

  it("is told every second on a terminal, and taken away at its end", async () => {
    const { lines, waits } = shown({ terminal: true });
    const asked = waits.during("waits for the registries", () => seconds(3.5));
    await asked;
    await seconds(10);
    expect(lines).toEqual(["2.0 waits for the registries, 2 s", "3.0 waits for the registries, 3 s", "3.5 over"]);
  });

  it("that ends soon is not told, nor is one that has failed", async () => {
    const { lines, waits } = shown();
    await waits.during("asks", () => seconds(1.8));
    await expect(waits.during("asks", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    await seconds(10);
    expect(lines).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("for a server is told by what is waited for last", async () => {
    const { lines, waiting } = shown();
    using _outer = waiting("connects to");
    using _inner = waiting(() => "uploads Node, 1.0 of 46.0 MB, to");
    await seconds(2.5);
    expect(lines).toEqual([`2.0 uploads Node, 1.0 of 46.0 MB, to ${server}, 2 s`]);
  });

  it("for a server is not told while the server itself tells what it does", async () => {
    const { lines, waiting, gate } = shown();
    using _wait = waiting("checks the health on");
    await seconds(1.5);
    gate("'web' answered 503");
    await seconds(2);
    expect(lines).toEqual(["1.5 gate 1 s: 'web' answered 503"]);
  });
});

describe("what a server tells", () => {
  it("is shown at once where it differs, and otherwise every two seconds", async () => {
    const { lines, gate } = shown();
    for (const state of ["503", "503", "503", "200"]) {
      gate(`'web' answered ${state}`, lines.length);
      await seconds(1);
    }
    expect(lines.map((line) => line.replace(" s:", ""))).toEqual([
      "0.0 gate 0 'web' answered 503",
      "2.0 gate 1 'web' answered 503",
      "3.0 gate 2 'web' answered 200",
    ]);
  });

  it("is shown on a terminal with the steps before it", () => {
    const { lines, gate } = shown({ terminal: true });
    gate("'web' answered 503");
    expect(lines).toEqual(["0.0 gate 1 s: 'web' answered 503 (up 0.8 s)"]);
  });

  it("is shown once in 0.9 seconds, however often the server tells it", async () => {
    const { lines, gate } = shown();
    for (let told = 0; told < 1000; told += 1) gate(String(told));
    await seconds(1);
    expect(lines).toEqual(["0.0 gate 1 s: 0", "1.0 gate 1 s: 999"]);
  });

  it("is left out where it is no progress, and is over when the server says so", async () => {
    const { lines, hear, gate } = shown();
    hear({ progress: [{ what: 3 }] });
    hear("gate");
    gate("'web' answered 503");
    hear({ progress: [] });
    await seconds(10);
    expect(lines).toEqual(["0.0 gate 1 s: 'web' answered 503", "0.0 over"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("has the name of the server where several tell something", async () => {
    const { lines, waits, gate } = shown();
    waits.hear("other", [{ what: "images", seconds: 2, waits: "", done: [] }]);
    await seconds(1);
    gate("'web' answered 503");
    expect(lines).toEqual(["0.0 images 2 s", `1.0 other: images 2 s | ${server}: gate 1 s: 'web' answered 503`]);
  });
});
