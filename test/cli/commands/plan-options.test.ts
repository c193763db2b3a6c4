import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { plan } from "../../../cli/commands/plan.ts";

const run = (...words: string[]): Promise<number> =>
  plan.run({ folder: "/", stack: "staging", stacks: ["staging"], words, environment: {} });

describe("the options of `slipway plan`", () => {
  test.each([
    [["--json", "--markdown"], "--markdown: is another form than --json; choose one of them"],
    [["--against", "a.json"], "--against: is for --offline alone; add --offline, or leave it out"],
    [
      ["--save", "a", "--offline"],
      "--save: saves a plan that was made with the server, and --offline plans without it; leave one of them out",
    ],
    [["--jsn"], "--jsn: is not an option of `slipway plan`; did you mean '--json'"],
  ])("reject %j", async (words, message) => {
    await expect(run(...words)).rejects.toMatchObject({ message, usage: true });
  });

  it("reject a place where no plan can be saved, before anything is asked", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-plan-options-"));
    await expect(run("--save", folder)).rejects.toThrow(`--save: is a folder, got '${folder}'; remove it, or name`);
    rmdirSync(folder);
    await expect(run("--save", join(folder, "plan.json"))).rejects.toThrow(
      "--save: is in a folder that does not exist",
    );
  });

  it("reject a file with a plan that does not exist", async () => {
    await expect(run("--offline", "--against", "/no/such.json")).rejects.toThrow("--against: there is no such file");
  });
});
