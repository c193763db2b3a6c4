import { afterEach, expect, test, vi } from "vitest";
import { drift } from "../../../cli/commands/drift.ts";
import { plan } from "../../../cli/commands/plan.ts";
import { runPreview } from "../../../cli/preview.ts";

vi.mock("../../../cli/preview.ts");
afterEach(() => {
  vi.restoreAllMocks();
});

const call = { folder: "/", stack: "staging", stacks: ["staging"], words: [], environment: {} };
const asApplied = {
  version: 2,
  stack: "shop/staging",
  hosts: { main: { address: "server.test", drift: [], ill: [], remarks: [] } },
};

test.each([3, 4])("a preview that pulumi ends with %i means neither drift nor missing keys", async (code) => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const ended = { code, stdout: "", stderr: "error: no", bytes: new Uint8Array() };
  vi.mocked(runPreview).mockResolvedValue({ ended, plan: "{}", drift: JSON.stringify(asApplied), problems: [] });
  expect(await plan.run(call)).toBe(1);
  expect(await drift.run(call)).toBe(1);
});

test("a preview that pulumi cannot begin has a way out", async () => {
  const ended = { code: 255, stdout: "", stderr: "error: incorrect passphrase", bytes: new Uint8Array() };
  vi.mocked(runPreview).mockResolvedValue({ ended, plan: undefined, drift: undefined, problems: [] });
  const message = "PULUMI_CONFIG_PASSPHRASE: is not the one that encrypts the stack's secrets; correct it";
  for (const command of [plan, drift]) await expect(command.run(call)).rejects.toMatchObject({ message });
});
