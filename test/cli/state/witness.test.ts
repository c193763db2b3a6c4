import { spawn } from "node:child_process";
import { once } from "node:events";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { witnessHere } from "../../../cli/state/witness.ts";

describe("what this machine says of a process", () => {
  test("is its command, and that it started just now", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const now = Date.now();
    const seen = witnessHere({}).process(child.pid ?? 0);
    child.kill();
    expect(seen).toMatchObject({ command: "sleep" });
    // The kernel tells seconds and hundredths of them, each rounded.
    expect(typeof seen === "object" && Math.abs(seen.started - now)).toBeLessThan(4000);
  });

  test("is nothing once it has ended", async () => {
    const child = spawn("true");
    await once(child, "close");
    expect(witnessHere({}).process(child.pid ?? 0)).toBeUndefined();
  });

  test("comes with the name of the machine, outside of CI without a job", () => {
    expect(witnessHere({})).toMatchObject({ hostname: hostname() });
    expect(witnessHere({}).job).toBeUndefined();
  });
});

describe("a CI job says", () => {
  const started = "2026-01-01T12:00:00Z";

  test("when it started, and under which resource group", () => {
    const { job } = witnessHere({ CI_JOB_STARTED_AT: started, SLIPWAY_RESOURCE_GROUP: "staging" });
    expect(job).toEqual({ started: Date.parse(started), resourceGroup: "staging" });
  });

  test("no resource group where the variable is empty", () => {
    const { job } = witnessHere({ CI_JOB_STARTED_AT: started, SLIPWAY_RESOURCE_GROUP: "" });
    expect(job).toEqual({ started: Date.parse(started), resourceGroup: undefined });
  });
});
