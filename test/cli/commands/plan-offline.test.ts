import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { plan } from "../../../cli/commands/plan.ts";
import { checkout } from "../../../toolchain/paths.ts";

const folder = mkdtempSync(join(tmpdir(), "slipway-offline-"));
const published = join(folder, "plan.json");

afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What an offline plan of production prints, in an environment without key, passphrase, agent and tools. */
async function offline(...words: string[]): Promise<string> {
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const call = { folder: checkout, stack: "production", stacks: ["production"], environment: { HOME: folder } };
  expect(await plan.run({ ...call, words: ["--offline", ...words] })).toBe(0);
  const said = written.mock.calls.map(([text]) => String(text)).join("");
  written.mockRestore();
  return said;
}

test("an offline plan of production needs no engine, key, server or release; the next compares with it", async () => {
  writeFileSync(published, await offline("--json"));
  const said = /^aaperture\/production, .*\nmain.*: nothing differs from the last deploy\n/;
  expect(await offline("--against", published)).toMatch(said);
  expect(await offline("--against", published, "--markdown")).toMatch(
    /^### `aaperture\/production`: nothing changes\n/,
  );
});

test.each([
  ["other.json", "is not a plan of this version of slipway"],
  ["none.json", "there is no such file"],
])("rejects a comparison with %s", async (name, what) => {
  writeFileSync(join(folder, "other.json"), "{}");
  const file = join(folder, name);
  const todo = "name the JSON that `slipway plan --json` printed, or that a deployment left";
  await expect(offline("--against", file)).rejects.toThrow(`--against: ${what}, got '${file}'; ${todo}`);
});
