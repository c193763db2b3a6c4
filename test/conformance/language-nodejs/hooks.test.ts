import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { Workspace } from "../workspace.ts";

/** A stack with a command that has all hooks; hooks and commands write to one journal. */
const workspace = new Workspace("language-nodejs/hooks");
const journal = join(workspace.folder, "journal");

interface RunRecord {
  readonly result: PulumiResult;
  readonly noted: readonly string[];
  readonly stdin: unknown;
}
let preview: RunRecord,
  created: RunRecord,
  unchanged: RunRecord,
  stopped: RunRecord,
  complained: RunRecord,
  destroyed: RunRecord;

beforeAll(async () => {
  preview = await recordRun("preview", { stdin: "one" });
  created = await recordRun("up", { stdin: "one", tries: 3 });
  unchanged = await recordRun("up", { stdin: "one" });
  stopped = await recordRun("up", { stdin: "two", failing: "beforeUpdate" });
  complained = await recordRun("up", { stdin: "two", failing: "afterUpdate", tries: 1 });
  destroyed = await recordRun("destroy", { stdin: "two" }, ["--run-program"]);
});

afterAll(() => workspace.remove());

async function recordRun(
  operation: "up" | "preview" | "destroy",
  given: object,
  words: string[] = [],
): Promise<RunRecord> {
  const result = await workspace.run(operation, { given: { journal, ...given }, words });
  const noted = existsSync(journal) ? readFileSync(journal, "utf8").trimEnd().split("\n") : [];
  rmSync(journal, { force: true });
  const state = workspace.state();
  return { result, noted, stdin: state.has("hooked") ? state.resource("hooked").inputs["stdin"] : undefined };
}

const about = (run: RunRecord, name: string) =>
  run.noted.filter((line) => line.split(" ")[1] === name || !line.includes(" "));
const hooked = (run: RunRecord) => about(run, "hooked").filter((line) => line !== "attempt");

describe("resource hooks", () => {
  test("run before and after a create", () => {
    expect(created.result.exitCode, created.result.output).toBe(0);
    expect(hooked(created)).toEqual(["beforeCreate hooked - one", "create", "afterCreate hooked - one"]);
  });

  test("do not run in a preview", () => {
    expect(preview.result.exitCode, preview.result.output).toBe(0);
    expect(preview.noted).toEqual([]);
  });

  test("do not run for an unchanged resource", () => {
    expect(hooked(unchanged)).toEqual([]);
  });

  test("prevent an update if they throw before it", () => {
    expect(stopped.result.exitCode).toBe(1);
    expect(stopped.result.events.said("hooked", "error")).toBe(
      'before hook "beforeUpdate" failed: beforeUpdate has its reasons\n',
    );
    expect(hooked(stopped)).toEqual(["beforeUpdate hooked one two"]);
    expect(stopped.stdin).toBe("one");
  });

  test("make the run fail if they throw after an update, which is saved", () => {
    expect(complained.result.exitCode).toBe(1);
    expect(complained.result.events.said("hooked", "error")).toBe(
      'after hook "afterUpdate" failed: afterUpdate has its reasons\n',
    );
    expect(hooked(complained)).toEqual(["beforeUpdate hooked one two", "update", "afterUpdate hooked one two"]);
    expect(complained.stdin).toBe("two");
  });

  test("run before and after a delete with `destroy --run-program`", () => {
    expect(destroyed.result.exitCode, destroyed.result.output).toBe(0);
    expect(hooked(destroyed)).toEqual(["beforeDelete hooked two -", "delete", "afterDelete hooked two -"]);
  });
});

describe("an error hook", () => {
  test("is called after each failure, and returns true to retry the operation", () => {
    expect(created.noted.filter((line) => line === "attempt")).toHaveLength(3);
    expect(created.noted.filter((line) => line.startsWith("retry"))).toEqual([
      "retry patient after create: 1 errors",
      "retry patient after create: 2 errors",
    ]);
    expect(created.result.events.steps("patient")).toEqual(["create"]);
  });

  test("returns false to accept the failure", () => {
    expect(complained.noted.filter((line) => line.startsWith("retry"))).toEqual([
      "retry patient after create: 1 errors",
    ]);
    expect(complained.result.events.failed("patient")).toBe(true);
  });
});
