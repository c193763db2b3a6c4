import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientOf, earlyStack, EarlyHost } from "../../cli/early-host.ts";
import { checkout } from "../../toolchain/paths.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-early-host-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ours = `main: ${join(checkout, "index.ts")}`;
const runtime = "runtime: { name: nodejs, options: { typescript: false } }";

/** Starts the early host of a project with these lines. */
function start(lines: readonly string[], words: readonly string[] = []): Promise<EarlyHost | undefined> {
  writeFileSync(join(folder, "Pulumi.yaml"), ["name: shop", ...lines, ""].join("\n"));
  return EarlyHost.start({ folder, stack: "staging", stacks: ["staging"], words, environment: process.env });
}

test("Pulumi is led to a host that runs already, and gets no key of servers and files", async () => {
  await using host = await start([ours, runtime]);
  const keys = { SSH_PRIVATE_KEY: "key", SSH_OBSERVE_KEY: "key", SOPS_AGE_KEY: "key", SOPS_AGE_KEY_FILE: "file" };
  const client = clientOf(host, { ...keys, PULUMI_CONFIG_PASSPHRASE: "passphrase" });
  expect(client).toEqual({
    words: ["--client", expect.stringMatching(/^127\.0\.0\.1:\d+$/)],
    environment: { PULUMI_CONFIG_PASSPHRASE: "passphrase" },
  });
});

test("without a host Pulumi starts the program itself, so it passes on the keys", () => {
  const environment = { SSH_PRIVATE_KEY: "key" };
  expect(clientOf(undefined, environment)).toEqual({ words: [], environment });
});

test.each([
  ["runs another program", ["main: index.ts", runtime], []],
  ["has no main program", [runtime], []],
  ["compiles its program", [ours, "runtime: nodejs"], []],
  ["gives Node arguments", [ours, "runtime: { name: nodejs, options: { typescript: false, nodeargs: -v } }"], []],
  ["runs in a debugger", [ours, runtime], ["--attach-debugger"]],
  ["has a host", [ours, runtime], ["--client=127.0.0.1:1"]],
  ["is no YAML", ["main: [", runtime], []],
])("a project that %s is left to Pulumi's own host", async (_what, lines, words) => {
  expect(await start(lines, words)).toBeUndefined();
});

test("a host reaches the servers in the file of its stack", () => {
  expect(earlyStack({ stack: "organization/shop/staging", words: ["--diff", "--color=never"] })).toEqual(["staging"]);
  expect(earlyStack({ stack: undefined, words: [] })).toEqual([]);
});

test.each([["--config-file", "other.yaml"], ["--config-file=other.yaml"], ["-c", "shop:host=a"], ["-cshop:host=a"]])(
  "a host reaches no servers where the configuration is not that of the file: %s",
  (...words) => {
    expect(earlyStack({ stack: "staging", words })).toEqual([]);
  },
);
