import { afterAll, expect, test } from "vitest";
import { Workspace } from "../workspace.ts";

const workspace = new Workspace("language-nodejs/coloured");

afterAll(() => workspace.remove());

const foreign = String.raw`<\u007b%none%}>`;

test("a message of the program is in colour where the engine is, and a foreign text does not crash it", async () => {
  const shown = await workspace.pulumi(["preview", "--non-interactive", "--color", "always"]);
  expect(shown.exitCode, shown.output).toBe(0);
  expect(shown.output).toContain(`\u001b[38;5;2mapi\u001b[0m ${foreign}`);
});

test("a message of the program is plain where the engine is, and in the log of events", async () => {
  const preview = await workspace.preview();
  expect(preview.exitCode, preview.output).toBe(0);
  expect(preview.output).toContain(`api ${foreign}`);
  expect(preview.output).not.toContain("<{%");
  expect(preview.events.said("", "info")).toBe(`api ${foreign}\n`);
});
