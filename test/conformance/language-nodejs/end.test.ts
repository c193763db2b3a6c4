import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EndSpec } from "../programs/language-nodejs/spec.ts";
import type { PulumiResult } from "../../pulumi/pulumi-process.ts";
import { Workspace } from "../workspace.ts";

/** A stack whose program ends in a different way in each run. */
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

  test("shows its printed lines with their stream", () => {
    expect(up.events.said("", "info")).toBe("said on stdout\n\n");
    expect(up.events.said("", "info#err")).toBe("said on stderr\n\n");
    expect(up.output).toContain("said on stdout");
  });

  test("shows its log messages with their resource", () => {
    expect(up.events.said("first", "info")).toContain("told the user\n");
    expect(up.events.said("", "warning")).toBe("warned the user\n");
  });
});

describe("a program that fails", () => {
  test("rejects the update with the thrown error and its source line", async () => {
    const up = await end("throws");
    expect(up.exitCode).toBe(1);
    const program = ".*language-nodejs/end.ts";
    const lines = [
      `^Running program '${program}' failed with an unhandled exception:`,
      "Error: thrown by the program",
      `${program}:\\d+:\\d+`,
    ];
    expect(errors(up)).toEqual([expect.stringMatching(new RegExp(lines.join("\n"), "s"))]);
  });

  test("rejects a preview with the thrown error too", async () => {
    expect((await workspace.preview({ way: "throws" })).exitCode).toBe(1);
  });

  test("rejects with only the message of a RunError", async () => {
    const up = await end("throws a run error");
    expect(up.exitCode).toBe(1);
    expect(errors(up)).toEqual(["a message for the user"]);
  });

  test("rejects the update after an unhandled promise rejection", async () => {
    const up = await end("rejects");
    expect(up.exitCode).toBe(1);
    expect(errors(up).join("\n")).toContain("Error: rejected by the program");
  });

  test("rejects the update with the name of a missing module", async () => {
    const up = await end("cannot be loaded");
    expect(up.exitCode).toBe(1);
    expect(errors(up).join("\n")).toMatch(/Cannot find module '.*no-such-file.ts'/);
  });

  test("rejects the update with the program's exit code", async () => {
    const up = await end("exits");
    expect(up.exitCode).toBe(1);
    expect(errors(up)).toEqual(["an unhandled error occurred: Program exited with non-zero exit code: 3"]);
  });

  test("keeps the resources that it created before in the state", () => {
    expect(workspace.state().has("first")).toBe(true);
  });
});

test("a program that exits with 0 before its end succeeds with the previous outputs", async () => {
  const up = await end("exits well");
  expect(up.exitCode).toBe(0);
  expect(workspace.state().resource("trial-test").outputs).toEqual({ end: "reached" });
});

test("a program that only logs an error is shown as failed, but pulumi exits with 0", async () => {
  const up = await end("logs an error");
  expect(errors(up)).toEqual(["an error for the user"]);
  expect(up.exitCode).toBe(0);
});
