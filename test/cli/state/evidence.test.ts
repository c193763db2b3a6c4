import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { localEvidence } from "../../../cli/state/evidence.ts";

describe("the evidence of this machine about a process", () => {
  test("is its command and its start", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const now = Date.now();
    const found = localEvidence({}).process(child.pid ?? 0);
    child.kill();
    expect(found).toMatchObject({ command: "sleep" });
    // The kernel rounds to seconds and to hundredths of them.
    expect(typeof found === "object" && Math.abs(found.started - now)).toBeLessThan(4000);
  });

  test("is nothing once the process has ended", async () => {
    const child = spawn("true");
    await once(child, "close");
    expect(localEvidence({}).process(child.pid ?? 0)).toBeUndefined();
  });

  test("comes with the name of the machine, and outside of CI without a job", () => {
    expect(localEvidence({})).toMatchObject({ hostname: hostname() });
    expect(localEvidence({}).job).toBeUndefined();
  });
});

describe("the evidence of a CI job", () => {
  const started = "2026-01-01T12:00:00Z";

  test("is its start and its resource group", () => {
    const { job } = localEvidence({ CI_JOB_STARTED_AT: started, SLIPWAY_RESOURCE_GROUP: "staging" });
    expect(job).toEqual({ started: Date.parse(started), resourceGroup: "staging" });
  });

  test("has no resource group if the variable is empty", () => {
    const { job } = localEvidence({ CI_JOB_STARTED_AT: started, SLIPWAY_RESOURCE_GROUP: "" });
    expect(job).toEqual({ started: Date.parse(started), resourceGroup: undefined });
  });
});
