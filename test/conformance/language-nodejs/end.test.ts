import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EndSpec } from "../programs/language-nodejs/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { Workspace } from "../workspace.ts";

/** One stack, whose program ends in a different way in each run. */
const workspace = new Workspace("language-nodejs/end");

afterAll(() => workspace.remove());

const errors = (run: PulumiResult) =>
  run.events.messages.filter(({ severity }) => severity === "error").map(({ text }) => text.trimEnd());

const end = (way: EndSpec["way"]) => workspace.up({ way });

describe("a program that ends well", () => {
  let up: PulumiResult;
  beforeAll(async () => {
    up = await end("well");
  });

  test("makes the update succeed", () => {
    expect(up.exitCode, up.output).toBe(0);
    expect(workspace.state().resource("trial-test").outputs).toEqual({ end: "reached" });
  });

  test("shows what it prints, and on which stream", () => {
    expect(up.events.said("", "info")).toBe("said on stdout\n\n");
    expect(up.events.said("", "info#err")).toBe("said on stderr\n\n");
    expect(up.output).toContain("said on stdout");
  });

  test("shows what it logs, beside the resource that it is about", () => {
    expect(up.events.said("first", "info")).toContain("told the user\n");
    expect(up.events.said("", "warning")).toBe("warned the user\n");
  });
});

describe("a program that fails", () => {
  test("by a throw fails the update with the error and where it was thrown", async () => {
    const up = await end("throws");
    expect(up.exitCode).toBe(1);
    expect(errors(up)).toEqual([
      expect.stringMatching(
        /^Running program '.*language-nodejs\/end.ts' failed with an unhandled exception:\nError: thrown by the program\n.*language-nodejs\/end.ts:\d+:\d+/s,
      ),
    ]);
  });

  test("by a throw fails a preview too", async () => {
    expect((await workspace.preview({ way: "throws" })).exitCode).toBe(1);
  });

  test("by a RunError shows the message alone", async () => {
    const up = await end("throws a run error");
    expect(up.exitCode).toBe(1);
    expect(errors(up)).toEqual(["a message for the user"]);
  });

  test("by a promise that nobody handles fails the update", async () => {
    const up = await end("rejects");
    expect(up.exitCode).toBe(1);
    expect(errors(up).join("\n")).toContain("Error: rejected by the program");
  });

  test("by a module that is not there fails the update and names it", async () => {
    const up = await end("cannot be loaded");
    expect(up.exitCode).toBe(1);
    expect(errors(up).join("\n")).toMatch(/Cannot find module '.*no-such-file.ts'/);
  });

  test("by its exit code fails the update and tells it", async () => {
    const up = await end("exits");
    expect(up.exitCode).toBe(1);
    expect(errors(up)).toEqual(["an unhandled error occurred: Program exited with non-zero exit code: 3"]);
  });

  test("keeps in the state what it made before", () => {
    expect(workspace.state().has("first")).toBe(true);
  });
});

test("a program that exits with 0 before its end succeeds, with the outputs of before", async () => {
  const up = await end("exits well");
  expect(up.exitCode).toBe(0);
  expect(workspace.state().resource("trial-test").outputs).toEqual({ end: "reached" });
});

test("a program that logs an error is shown as failed, but pulumi's exit code is 0", async () => {
  const up = await end("logs an error");
  expect(errors(up)).toEqual(["an error for the user"]);
  expect(up.exitCode).toBe(0);
});
