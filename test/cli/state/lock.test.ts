import { describe, expect, test } from "vitest";
import {
  judgeLock,
  readStateLock,
  type Evidence,
  type RunningProcess,
  type StateLock,
} from "../../../cli/state/lock.ts";

const since = Date.parse("2026-01-01T12:00:00Z");
const lock: StateLock = { pid: 4711, username: "ci", hostname: "runner", since };

function evidenceOf(process: RunningProcess | "unknown" | undefined, hostname = "runner"): Evidence {
  return { hostname, process: (pid) => (pid === 4711 ? process : undefined) };
}

describe("a state lock made on this machine (F85, F94)", () => {
  test("is dead when its process is gone", () => {
    expect(judgeLock(lock, evidenceOf(undefined))).toEqual({ dead: true, reason: "that process is gone" });
  });

  test("is dead when another program has its process id, started later", () => {
    const verdict = judgeLock(lock, evidenceOf({ command: "cron", started: since + 60_000 }));
    expect(verdict).toEqual({
      dead: true,
      reason: "that process is gone; its number now belongs to cron, which started later",
    });
  });

  test("is alive when its process started before it", () => {
    expect(judgeLock(lock, evidenceOf({ command: "pulumi", started: since - 1000 })).dead).toBe(false);
    expect(judgeLock(lock, evidenceOf({ command: "wrapper", started: since - 1000 })).dead).toBe(false);
  });

  test("is alive while a pulumi has its process id, whatever age it seems to have after the clock was set", () => {
    expect(judgeLock(lock, evidenceOf({ command: "pulumi", started: since + 3_600_000 })).dead).toBe(false);
  });

  test("is alive when a small correction of the clock makes its process seem a second younger", () => {
    expect(judgeLock(lock, evidenceOf({ command: "wrapper", started: since + 1000 })).dead).toBe(false);
  });

  test("counts as alive when its process cannot be examined", () => {
    expect(judgeLock(lock, evidenceOf("unknown")).dead).toBe(false);
  });
});

test("a state lock made on another machine counts as alive", () => {
  expect(judgeLock(lock, evidenceOf(undefined, "elsewhere"))).toEqual({
    dead: false,
    reason: "it was made on another machine",
  });
});

describe("a state lock seen from a CI job (F120)", () => {
  const inJob = (
    started: number,
    resourceGroup?: string,
    process?: RunningProcess | "unknown",
    hostname?: string,
  ): Evidence => ({
    ...evidenceOf(process, hostname),
    job: { started, resourceGroup },
  });
  const ofJob: StateLock = { ...lock, resourceGroup: "staging" };

  test("is dead when a job of the same resource group took it before this one started, on whatever machine", () => {
    const verdict = {
      dead: true,
      reason: "it is older than this job, and the resource group staging runs one job at a time",
    };
    expect(judgeLock(ofJob, inJob(since + 1, "staging"))).toEqual(verdict);
    expect(judgeLock(ofJob, inJob(since + 1, "staging", undefined, "another-runner"))).toEqual(verdict);
    const successor = { command: "cron", started: since + 60_000 };
    expect(judgeLock(ofJob, inJob(since + 1, "staging", successor))).toEqual(verdict);
  });

  test.each<[string, RunningProcess | "unknown"]>([
    ["a pulumi", { command: "pulumi", started: since - 1000 }],
    ["a program that is older than the lock", { command: "wrapper", started: since - 1000 }],
    ["a process that cannot be examined", "unknown"],
  ])("is alive while %s has its process id on this machine (SEC-B1)", (_, process) => {
    expect(judgeLock(ofJob, inJob(since + 1, "staging", process)).dead).toBe(false);
    expect(judgeLock(lock, inJob(since + 1, "staging", process)).dead).toBe(false);
  });

  test("counts as alive when no job of the same resource group took it, as that of an operator (SEC-B1)", () => {
    expect(judgeLock(lock, inJob(since + 1, "staging"))).toEqual({
      dead: false,
      reason: "no job's note is beside it, so a person or another tool may hold it",
    });
    expect(judgeLock({ ...lock, resourceGroup: "other" }, inJob(since + 1, "staging"))).toEqual({
      dead: false,
      reason: "a job of the resource group other took it, and not of this one's",
    });
  });

  test("is alive when it is younger than the job", () => {
    expect(judgeLock(ofJob, inJob(since, "staging")).dead).toBe(false);
  });

  test("counts as alive without a resource group, although no such process exists here: containers reuse names", () => {
    expect(judgeLock(ofJob, inJob(since + 1)).dead).toBe(false);
  });

  test("counts as alive when the start of the job is not a time", () => {
    expect(judgeLock(ofJob, inJob(NaN, "staging")).dead).toBe(false);
  });
});

describe("the text of a state lock", () => {
  test("is read as Pulumi writes it", () => {
    const text = '{"pid":4711,"username":"ci","hostname":"runner","timestamp":"2026-01-01T12:00:00.743271385Z"}';
    expect(readStateLock(text)).toEqual({ ...lock, since: since + 743 });
  });

  test.each(["", "{", "[]", '{"pid":1}', '{"pid":1,"username":"","hostname":"","timestamp":"now"}'])(
    "is no lock: %s",
    (text) => {
      expect(readStateLock(text)).toBeUndefined();
    },
  );
});
