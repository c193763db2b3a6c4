import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mustRun } from "../../toolchain/must-run.ts";
import { launcher } from "../../toolchain/launcher.ts";
import type { Place } from "../../toolchain/cache/place.ts";
import { releaseArchive } from "../../toolchain/sources/pulumi-host.ts";
import { languageHost } from "../../toolchain/tools/language-host.ts";
import { providers } from "../../toolchain/tools/providers.ts";
import { pulumi } from "../../toolchain/tools/pulumi.ts";
import { sandbox, type Sandbox } from "./sandbox.ts";
import { script } from "./script.ts";
import { files, webServer, type WebServer } from "./web-server.ts";

const [command] = providers;
if (command === undefined) throw new Error("there are no providers");
const archive = releaseArchive(pulumi.version);
const folder = "/releases/sdk";

/** A fake `pulumi` that prints its version, and installs the official plugin or the one of `--file`. */
const cli = [
  '[ "$1" = version ] && echo v3.259.0 && exit',
  'plugin="$PULUMI_HOME/plugins/resource-$4-v$5"',
  'mkdir -p "$plugin"',
  '[ "$7" = --file ] && cp "$8"/* "$plugin" && exit',
  'echo official > "$plugin/pulumi-resource-$4"',
];

function offlineSandbox(overrides: Partial<Place> = {}): Sandbox {
  const box = sandbox(overrides);
  for (const plugin of ["command", "language-nodejs"]) box.file(`toolchain/plugins/${plugin}/main.ts`, "");
  return box;
}

function pluginFile(place: Place): string {
  return join(place.pulumiHome, "plugins", "resource-command-v1.2.1", "pulumi-resource-command");
}

/** A fake of Pulumi's host with one release: a CLI and its language host. */
async function pulumiHost(box: Sandbox, sum?: string): Promise<WebServer> {
  const content = join(box.place.checkout, "..", "release");
  script(join(content, "pulumi", "pulumi"), cli);
  script(join(content, "pulumi", "pulumi-language-nodejs"), []);
  const file = join(content, archive);
  await mustRun(["tar", "-czf", file, "-C", content, "pulumi"]);
  const bytes = readFileSync(file);
  const sha256 = sum ?? createHash("sha256").update(bytes).digest("hex");
  const sums = `0000  pulumi-v3.259.0-plan9-x64.tar.gz\n${sha256}  ${archive}\n`;
  return webServer(files({ [`${folder}/${archive}`]: bytes, [`${folder}/pulumi-3.259.0-checksums.txt`]: sums }));
}

function useHost(box: Sandbox, server: WebServer): Place {
  return Object.assign(box.place, { pulumiHost: server.url });
}

test("a CLI on PATH that has a language host is linked, and its language host is used", async () => {
  const box = offlineSandbox();
  const file = box.command("pulumi", ...cli);
  box.command("pulumi-language-nodejs");
  const outcomes = await box.run(pulumi, languageHost);
  expect(outcomes.map(({ installed }) => installed.origin)).toEqual(["found", "official plugin"]);
  expect(readlinkSync(join(box.place.binDirectory, "pulumi"))).toBe(file);
  expect(existsSync(join(box.place.binDirectory, "pulumi-language-nodejs"))).toBe(false);
});

test("a CLI without a language host becomes a file in .slipway/bin, with the offline host beside it", async () => {
  const box = offlineSandbox();
  const file = box.command("pulumi", ...cli);
  const outcomes = await box.run(pulumi, languageHost);
  expect(outcomes.map(({ installed }) => installed.origin)).toEqual(["found", "offline plugin"]);
  const own = join(box.place.binDirectory, "pulumi");
  expect([lstatSync(own).isFile(), lstatSync(own).ino]).toEqual([true, statSync(file).ino]);
  const host = join(box.place.binDirectory, "pulumi-language-nodejs");
  expect(readFileSync(host, "utf8")).toBe(launcher("language-nodejs", box.place));
});

test("the official release is downloaded from a host that answers, verified, and has its language host", async () => {
  const box = offlineSandbox();
  const server = await pulumiHost(box);
  useHost(box, server);
  const outcomes = await box.run(pulumi, languageHost);
  expect(outcomes.map(({ installed }) => installed.origin)).toEqual(["downloaded", "official plugin"]);
  expect(server.requests).toEqual([
    `HEAD ${folder}/${archive}`,
    `GET ${folder}/pulumi-3.259.0-checksums.txt`,
    `GET ${folder}/${archive}`,
  ]);
  expect(readlinkSync(join(box.place.binDirectory, "pulumi"))).toBe(
    join(box.place.cacheDirectory, "pulumi-3.259.0", "pulumi"),
  );
  await box.run(pulumi, languageHost);
  expect(server.requests).toHaveLength(3);
});

test("rejects a release with a wrong checksum, and builds nothing instead", async () => {
  const box = offlineSandbox();
  useHost(box, await pulumiHost(box, "1234"));
  await expect(box.run(pulumi)).rejects.toThrow(/^pulumi 3\.259\.0: .*: wrong checksum, got \w+ instead of 1234;/);
});

test("a machine that reaches Pulumi's host gets the official plugin", async () => {
  const box = offlineSandbox();
  useHost(box, await pulumiHost(box));
  expect((await box.run(pulumi, command)).map(({ installed }) => installed.origin)).toEqual([
    "downloaded",
    "official plugin",
  ]);
  expect(readFileSync(pluginFile(box.place), "utf8")).toBe("official\n");
});

test("a machine that cannot reach Pulumi's host gets the offline one; a second run changes nothing (F90)", async () => {
  const box = offlineSandbox();
  box.command("pulumi", ...cli);
  const outcomes = await box.run(pulumi, command);
  expect(outcomes[1]).toMatchObject({ fresh: true, installed: { origin: "offline plugin", version: "1.2.1" } });
  expect(readFileSync(pluginFile(box.place), "utf8")).toBe(launcher("command", box.place));
  expect((await box.run(pulumi, command)).map(({ fresh }) => fresh)).toEqual([false, false]);
});

test("the official plugin replaces an offline plugin as soon as Pulumi's host answers", async () => {
  const box = offlineSandbox();
  box.command("pulumi", ...cli);
  await box.run(pulumi, command);
  useHost(box, await pulumiHost(box));
  const outcomes = await box.run(command);
  expect(outcomes.find(({ tool }) => tool === command)).toMatchObject({
    fresh: true,
    installed: { origin: "official plugin" },
  });
  expect(readFileSync(pluginFile(box.place), "utf8")).toBe("official\n");
});

test("a launcher of another checkout does not count as an official plugin and is rewritten", async () => {
  const box = offlineSandbox();
  box.command("pulumi", ...cli);
  const plugin = pluginFile(box.place);
  script(
    plugin,
    launcher("command", { ...box.place, checkout: "/moved/away" })
      .split("\n")
      .slice(1),
  );
  await box.run(command);
  expect(readFileSync(plugin, "utf8")).toBe(launcher("command", box.place));
});

test("a plugin whose installation was interrupted is installed again", async () => {
  const box = offlineSandbox();
  box.command("pulumi", ...cli);
  const plugin = pluginFile(box.place);
  script(plugin, ["echo official"]);
  mkdirSync(join(box.place.pulumiHome, "plugins", "resource-command-v1.2.1.partial"));
  await box.run(command);
  expect(readFileSync(plugin, "utf8")).toBe(launcher("command", box.place));
});

test("rejects an offline plugin whose source is missing", async () => {
  const box = offlineSandbox();
  box.command("pulumi", ...cli);
  rmSync(join(box.place.checkout, "toolchain"), { recursive: true });
  await expect(box.run(command)).rejects.toThrow(
    "command 1.2.1: no source can provide it (Pulumi's plugin host: 127.0.0.1:1 cannot be reached; offline plugin: ",
  );
});

test("a host that does not answer is asked once, which is noted in the checkout", async () => {
  const box = offlineSandbox();
  box.command("pulumi", ...cli);
  const silent = await webServer((_request, response) => void response.writeHead(503).end());
  useHost(box, silent);
  await box.run(pulumi, command);
  expect(silent.requests).toEqual([`HEAD ${folder}/${archive}`]);
  expect(readFileSync(join(box.place.localDirectory, "pulumi-host-silent"), "utf8")).toMatch(
    new RegExp(`^${silent.url}${folder}/${archive} \\d+$`),
  );
});
