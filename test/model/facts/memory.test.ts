import { describe, expect, it } from "vitest";
import { ensureMemoryFits } from "../../../model/facts/memory.ts";
import { describeProblem } from "../../../model/problem.ts";

const megabyte = 1024 ** 2;
const budget = { "shared services": 2560, proxy: 128, release: 1536, "next release beside it": 1536 };
const parts = Object.fromEntries(Object.entries(budget).map(([part, megabytes]) => [part, megabytes * megabyte]));
/** That of E12. */
const mvp = { stack: "mvp/production", memory: { parts, reserve: 1331 * megabyte } };
const beside = (megabytes: number) => ({ stack: "blog/live", memory: megabytes * megabyte });

describe("the memory of a server", () => {
  it("is enough for both colours of one stack, other stacks and the system (E12)", () => {
    expect(ensureMemoryFits(mvp, { claims: [], memoryTotal: 8192 * megabyte })).toEqual([]);
    expect(ensureMemoryFits(mvp, { claims: [beside(1101)], memoryTotal: 8192 * megabyte })).toEqual([]);
    const own = { stack: "mvp/production", memory: 8000 * megabyte };
    expect(ensureMemoryFits(mvp, { claims: [own], memoryTotal: 8192 * megabyte })).toEqual([]);
  });

  it("rejects stacks that may use more of it, with the sum line by line (E12, F16)", () => {
    const claims = [beside(1102), { stack: "none/live" }];
    const some = { ...mvp, memory: { ...mvp.memory, unlimited: ["cron", "mail"] } };
    expect(ensureMemoryFits(some, { claims, memoryTotal: 8192 * megabyte }).map(describeProblem)).toEqual([
      [
        "memory: the stacks may use 8193 MB of the server at the same time, got 8192 MB; lower " +
          "`services.<service>.memory`, use a larger server, or set memory.overcommit to the reason why this is right:",
        "     2560 MB  shared services of mvp/production",
        "      128 MB  proxy of mvp/production",
        "     1536 MB  release of mvp/production",
        "     1536 MB  next release beside it of mvp/production",
        "     1102 MB  stack blog/live",
        "     1331 MB  kept for the system (memory.reserve)",
        "     unknown  cron, mail of mvp/production: no limit, not counted",
        "     8193 MB  in all",
      ].join("\n"),
    ]);
  });

  it("does not matter to a stack without limits, or with a reason why its limits may be more", () => {
    const full = { claims: [beside(9000)], memoryTotal: 8192 * megabyte };
    expect(ensureMemoryFits({ ...mvp, memory: { parts: {}, reserve: 9000 * megabyte } }, full)).toEqual([]);
    expect(ensureMemoryFits({ ...mvp, memory: { ...mvp.memory, overcommit: "peaks" } }, full)).toEqual([]);
  });
});
