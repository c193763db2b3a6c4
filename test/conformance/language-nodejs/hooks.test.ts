import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { Workspace } from "../workspace.ts";

/** One stack with a command that has all hooks; hooks and commands write to one journal. */
const workspace = new Workspace("language-nodejs/hooks");
const journal = join(workspace.folder, "journal");

interface Chapter {
  readonly result: PulumiResult;
  readonly noted: readonly string[];
  readonly stdin: unknown;
}
let preview: Chapter, created: Chapter, unchanged: Chapter, stopped: Chapter, complained: Chapter, destroyed: Chapter;

beforeAll(async () => {
  preview = await chapter("preview", { stdin: "one" });
  created = await chapter("up", { stdin: "one", tries: 3 });
  unchanged = await chapter("up", { stdin: "one" });
  stopped = await chapter("up", { stdin: "two", failing: "beforeUpdate" });
  complained = await chapter("up", { stdin: "two", failing: "afterUpdate", tries: 1 });
  destroyed = await chapter("destroy", { stdin: "two" }, ["--run-program"]);
});

afterAll(() => workspace.remove());

async function chapter(operation: "up" | "preview" | "destroy", given: object, words: string[] = []): Promise<Chapter> {
  const result = await workspace.run(operation, { given: { journal, ...given }, words });
  const noted = existsSync(journal) ? readFileSync(journal, "utf8").trimEnd().split("\n") : [];
  rmSync(journal, { force: true });
  const state = workspace.state();
  return { result, noted, stdin: state.has("hooked") ? state.resource("hooked").inputs["stdin"] : undefined };
}

const about = (run: Chapter, name: string) =>
  run.noted.filter((line) => line.split(" ")[1] === name || !line.includes(" "));
const hooked = (run: Chapter) => about(run, "hooked").filter((line) => line !== "attempt");

describe("hooks", () => {
  test("run before and after a creation, in the program", () => {
    expect(created.result.exitCode, created.result.output).toBe(0);
    expect(hooked(created)).toEqual(["beforeCreate hooked - one", "create", "afterCreate hooked - one"]);
  });

  test("do not run in a preview", () => {
    expect(preview.result.exitCode, preview.result.output).toBe(0);
    expect(preview.noted).toEqual([]);
  });

  test("do not run for a resource that does not change", () => {
    expect(hooked(unchanged)).toEqual([]);
  });

  test("before an update keep it from happening when they throw", () => {
    expect(stopped.result.exitCode).toBe(1);
    expect(stopped.result.events.said("hooked", "error")).toBe(
      'before hook "beforeUpdate" failed: beforeUpdate has its reasons\n',
    );
    expect(hooked(stopped)).toEqual(["beforeUpdate hooked one two"]);
    expect(stopped.stdin).toBe("one");
  });

  test("after an update fail the run when they throw, with the update done and saved", () => {
    expect(complained.result.exitCode).toBe(1);
    expect(complained.result.events.said("hooked", "error")).toBe(
      'after hook "afterUpdate" failed: afterUpdate has its reasons\n',
    );
    expect(hooked(complained)).toEqual(["beforeUpdate hooked one two", "update", "afterUpdate hooked one two"]);
    expect(complained.stdin).toBe("two");
  });

  test("run around a deletion with `destroy --run-program`", () => {
    expect(destroyed.result.exitCode, destroyed.result.output).toBe(0);
    expect(hooked(destroyed)).toEqual(["beforeDelete hooked two -", "delete", "afterDelete hooked two -"]);
  });
});

describe("an error hook", () => {
  test("is asked after each failure, and the operation tried again while it says so", () => {
    expect(created.noted.filter((line) => line === "attempt")).toHaveLength(3);
    expect(created.noted.filter((line) => line.startsWith("retry"))).toEqual([
      "retry patient after create: 1 errors",
      "retry patient after create: 2 errors",
    ]);
    expect(created.result.events.steps("patient")).toEqual(["create"]);
  });

  test("that says no leaves the failure as it is", () => {
    expect(complained.noted.filter((line) => line.startsWith("retry"))).toEqual([
      "retry patient after create: 1 errors",
    ]);
    expect(complained.result.events.failed("patient")).toBe(true);
  });
});
