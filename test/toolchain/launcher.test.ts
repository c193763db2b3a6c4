import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runChild } from "../../process/child.ts";
import { bundleFile } from "../../toolchain/bundle.ts";
import { here } from "../../toolchain/cache/place.ts";
import { launcher } from "../../toolchain/launcher.ts";

/** The keys that a plugin sees when its launcher is started with all of them. */
async function keysSeenBy(plugin: string): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-launcher-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const place = { ...here, checkout: folder, localDirectory: folder };
  const bundle = bundleFile(plugin, place);
  mkdirSync(dirname(bundle), { recursive: true });
  writeFileSync(bundle, "console.log(JSON.stringify(Object.keys(process.env).filter((name) => /KEY/.test(name))))");
  const names = ["SSH_PRIVATE_KEY", "SSH_OBSERVE_KEY", "SOPS_AGE_KEY", "SOPS_AGE_KEY_B64", "SOPS_AGE_KEY_FILE"];
  const env = { PATH: process.env["PATH"], ...Object.fromEntries(names.map((name) => [name, "canary"])) };
  const { stdout } = await runChild(["sh", "-c", launcher(plugin, place)], { env });
  return JSON.parse(stdout);
}

test.each(["command", "docker", "tls"])("the provider plugin %s is started without keys (SEC-C7)", async (plugin) => {
  expect(await keysSeenBy(plugin)).toEqual([]);
});

test("the plugin that runs the program keeps the keys with which that decrypts", async () => {
  expect(await keysSeenBy("language-nodejs")).toHaveLength(5);
});
