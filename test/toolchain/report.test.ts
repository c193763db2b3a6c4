import { expect, test } from "vitest";
import { duration } from "../../toolchain/duration.ts";
import { environmentExports } from "../../toolchain/exports.ts";
import { Progress } from "../../toolchain/progress.ts";
import { reportLines } from "../../toolchain/report.ts";
import type { Origin } from "../../toolchain/tool.ts";
import { hammer } from "./fake-tool.ts";
import { mustRun } from "../../toolchain/must-run.ts";

function outcome(name: string, origin: Origin, fresh: boolean, milliseconds = 0) {
  return {
    tool: { ...hammer(), name },
    installed: { origin, version: "2.0.0", detail: "the forge", commands: {} },
    fresh,
    milliseconds,
  };
}

test("the report lists each tool with its origin and the duration of its installation", () => {
  const outcomes = [outcome("hammer", "built", true, 432_000), outcome("saw", "found", false)];
  expect(reportLines(outcomes, 0, 433_000)).toEqual([
    "hammer 2.0.0  built  the forge, 7 min 12 s",
    "saw 2.0.0     found  the forge",
    "all 2 tools are present, 1 of them new (7 min 13 s)",
  ]);
});

test("the report of a second run says that there is nothing to do", () => {
  expect(reportLines([outcome("hammer", "built", false)], 0, 210)).toEqual([
    "hammer 2.0.0  present (built)  the forge",
    "nothing to do: all 1 tools are present (0.2 s)",
  ]);
});

test("the report counts missing tools", () => {
  expect(reportLines([outcome("hammer", "built", false)], 2, 210).at(-1)).toBe(
    "2 tools are missing, 1 are present, 0 of them new (0.2 s)",
  );
});

test.each([
  [340, "0.3 s"],
  [12_400, "12 s"],
  [432_000, "7 min 12 s"],
])("the duration of %d ms is formatted as %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

test("a long installation prints its status regularly", async () => {
  const line = await new Promise<string>((resolve) => {
    const progress = new Progress(
      "hammer",
      (text) => {
        progress.stop();
        resolve(text);
      },
      1,
    );
    progress.status("forged 1 of 2 parts");
  });
  expect(line).toMatch(/^hammer: forged 1 of 2 parts \(0\.\d s\)$/);
});

test("the exports put this checkout's tools at the front of a shell's PATH and keep the rest", async () => {
  const shown = await mustRun(["sh", "-c", `${environmentExports()}\necho "$PATH"\necho "$PULUMI_HOME"`]);
  const [path = "", home = ""] = shown.split("\n");
  expect(path).toMatch(/\/\.slipway\/bin:.+\/node_modules\/\.bin:.*\/usr\/bin/);
  expect(home).toMatch(/\/\.slipway\/pulumi-home$/);
  expect(environmentExports()).not.toContain("NODE_OPTIONS");
});
