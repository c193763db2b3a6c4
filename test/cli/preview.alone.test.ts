import { writeFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { runPreview, shownWait } from "../../cli/preview.ts";
import { runChild } from "../../process/child.ts";
import { checkout } from "../../toolchain/paths.ts";

vi.mock("../../process/child.ts");
vi.mock("../../toolchain/toolchain.ts");
vi.mock("../../cli/ssh/keys.ts", () => ({
  openKeys: (environment: NodeJS.ProcessEnv) => Promise.resolve({ environment, close: () => Promise.resolve() }),
}));
vi.mock("../../cli/early-host.ts", async (original) => ({
  ...(await original()),
  EarlyHost: { start: () => Promise.resolve(undefined) },
}));
afterEach(() => {
  vi.restoreAllMocks();
});

test("a file that the program wrote in part does not hide what pulumi said", async () => {
  const ended = { code: 1, stdout: "", stderr: "error: no space left", bytes: new Uint8Array() };
  vi.mocked(runChild).mockImplementation((_, { env = {} } = {}) => {
    for (const name of ["PLAN", "DRIFT", "PROBLEMS"])
      writeFileSync(env[`SLIPWAY_WRITE_${name}`] ?? "", '[{"path": "ho');
    return Promise.resolve(ended);
  });
  const call = { folder: checkout, stack: "staging", stacks: ["staging"], words: [], environment: {} };
  expect(await runPreview(call)).toEqual({ ended, plan: undefined, drift: undefined, problems: [] });
});

test("what the program of a preview waits for is read from the lines of pulumi, and nothing else is", () => {
  const lines = [
    "    pulumi:pulumi:Stack aaperture-staging running connects to deploy@192.0.2.1:22, 4 s",
    " +  pulumi:pulumi:Stack aaperture-staging create connects to deploy@192.0.2.1:22, 2 s",
    "    pulumi:pulumi:Stack aaperture-staging running variables: from CI variables",
    "@ previewing update....",
  ];
  const wait = "connects to deploy@192.0.2.1:22";
  expect(lines.map(shownWait)).toEqual([wait, wait, undefined, undefined]);
});
