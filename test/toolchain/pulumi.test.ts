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
import { ground, type Ground } from "./sandbox.ts";
import { script } from "./script.ts";
import { files, webServer, type WebServer } from "./web-server.ts";

const [command] = providers;
if (command === undefined) throw new Error("there are no providers");
const archive = releaseArchive(pulumi.version);
const folder = "/releases/sdk";

/** What a `pulumi` does here: it tells its version, and installs plugins as its official form or ours. */
const cli = [
  '[ "$1" = version ] && echo v3.259.0 && exit',
  'plugin="$PULUMI_HOME/plugins/resource-$4-v$5"',
  'mkdir -p "$plugin"',
  '[ "$7" = --file ] && cp "$8"/* "$plugin" && exit',
  'echo official > "$plugin/pulumi-resource-$4"',
];

function offlineGround(overrides: Partial<Place> = {}): Ground {
  const here = ground(overrides);
  for (const plugin of ["command", "language-nodejs"]) here.file(`toolchain/plugins/${plugin}/main.ts`, "");
  return here;
}

function pluginFile(place: Place): string {
  return join(place.pulumiHome, "plugins", "resource-command-v1.2.1", "pulumi-resource-command");
}

/** Pulumi's host with one release: a CLI and its language host. */
async function pulumiHost(here: Ground, sum?: string): Promise<WebServer> {
  const content = join(here.place.checkout, "..", "release");
  script(join(content, "pulumi", "pulumi"), cli);
  script(join(content, "pulumi", "pulumi-language-nodejs"), []);
  const file = join(content, archive);
  await mustRun(["tar", "-czf", file, "-C", content, "pulumi"]);
  const bytes = readFileSync(file);
  const sha256 = sum ?? createHash("sha256").update(bytes).digest("hex");
  const sums = `0000  pulumi-v3.259.0-plan9-x64.tar.gz\n${sha256}  ${archive}\n`;
  return webServer(files({ [`${folder}/${archive}`]: bytes, [`${folder}/pulumi-3.259.0-checksums.txt`]: sums }));
}

function at(here: Ground, server: WebServer): Place {
  return Object.assign(here.place, { pulumiHost: server.url });
}

test("a CLI on PATH with its language host is linked, and its host is the one that is used", async () => {
  const here = offlineGround();
  const file = here.command("pulumi", ...cli);
  here.command("pulumi-language-nodejs");
  const outcomes = await here.run(pulumi, languageHost);
  expect(outcomes.map(({ installed }) => installed.origin)).toEqual(["found", "official plugin"]);
  expect(readlinkSync(join(here.place.binDirectory, "pulumi"))).toBe(file);
  expect(existsSync(join(here.place.binDirectory, "pulumi-language-nodejs"))).toBe(false);
});

test("a CLI without a language host stands in .slipway/bin as a file, with the offline host beside it", async () => {
  const here = offlineGround();
  const file = here.command("pulumi", ...cli);
  const outcomes = await here.run(pulumi, languageHost);
  expect(outcomes.map(({ installed }) => installed.origin)).toEqual(["found", "offline plugin"]);
  const own = join(here.place.binDirectory, "pulumi");
  expect([lstatSync(own).isFile(), lstatSync(own).ino]).toEqual([true, statSync(file).ino]);
  const host = join(here.place.binDirectory, "pulumi-language-nodejs");
  expect(readFileSync(host, "utf8")).toBe(launcher("language-nodejs", here.place));
});

test("the official release is downloaded from a host that answers, checked, and brings its language host", async () => {
  const here = offlineGround();
  const server = await pulumiHost(here);
  at(here, server);
  const outcomes = await here.run(pulumi, languageHost);
  expect(outcomes.map(({ installed }) => installed.origin)).toEqual(["downloaded", "official plugin"]);
  expect(server.requests).toEqual([
    `HEAD ${folder}/${archive}`,
    `GET ${folder}/pulumi-3.259.0-checksums.txt`,
    `GET ${folder}/${archive}`,
  ]);
  expect(readlinkSync(join(here.place.binDirectory, "pulumi"))).toBe(
    join(here.place.cacheDirectory, "pulumi-3.259.0", "pulumi"),
  );
  await here.run(pulumi, languageHost);
  expect(server.requests).toHaveLength(3);
});

test("rejects a release whose checksum is not Pulumi's, and builds nothing in its stead", async () => {
  const here = offlineGround();
  at(here, await pulumiHost(here, "1234"));
  await expect(here.run(pulumi)).rejects.toThrow(
    /^pulumi 3\.259\.0: .*: the checksum is wrong, got \w+ instead of 1234;/,
  );
});

test("a machine that reaches Pulumi's host gets the official plugin", async () => {
  const here = offlineGround();
  at(here, await pulumiHost(here));
  expect((await here.run(pulumi, command)).map(({ installed }) => installed.origin)).toEqual([
    "downloaded",
    "official plugin",
  ]);
  expect(readFileSync(pluginFile(here.place), "utf8")).toBe("official\n");
});

test("a machine that does not reach it gets the offline plugin, and the next run changes nothing", async () => {
  const here = offlineGround();
  here.command("pulumi", ...cli);
  const outcomes = await here.run(pulumi, command);
  expect(outcomes[1]).toMatchObject({ fresh: true, installed: { origin: "offline plugin", version: "1.2.1" } });
  expect(readFileSync(pluginFile(here.place), "utf8")).toBe(launcher("command", here.place));
  expect((await here.run(pulumi, command)).map(({ fresh }) => fresh)).toEqual([false, false]);
});

test("an offline plugin gives way to the official one once Pulumi's host answers", async () => {
  const here = offlineGround();
  here.command("pulumi", ...cli);
  await here.run(pulumi, command);
  at(here, await pulumiHost(here));
  const outcomes = await here.run(command);
  expect(outcomes.find(({ tool }) => tool === command)).toMatchObject({
    fresh: true,
    installed: { origin: "official plugin" },
  });
  expect(readFileSync(pluginFile(here.place), "utf8")).toBe("official\n");
});

test("a launcher of another place is no official plugin: it is written anew", async () => {
  const here = offlineGround();
  here.command("pulumi", ...cli);
  const plugin = pluginFile(here.place);
  script(
    plugin,
    launcher("command", { ...here.place, checkout: "/moved/away" })
      .split("\n")
      .slice(1),
  );
  await here.run(command);
  expect(readFileSync(plugin, "utf8")).toBe(launcher("command", here.place));
});

test("a plugin that Pulumi has not finished installing does not count", async () => {
  const here = offlineGround();
  here.command("pulumi", ...cli);
  const plugin = pluginFile(here.place);
  script(plugin, ["echo official"]);
  mkdirSync(join(here.place.pulumiHome, "plugins", "resource-command-v1.2.1.partial"));
  await here.run(command);
  expect(readFileSync(plugin, "utf8")).toBe(launcher("command", here.place));
});

test("rejects an offline plugin whose program the checkout lacks", async () => {
  const here = offlineGround();
  here.command("pulumi", ...cli);
  rmSync(join(here.place.checkout, "toolchain"), { recursive: true });
  await expect(here.run(command)).rejects.toThrow(
    "command 1.2.1: cannot be had here (Pulumi's plugin host: 127.0.0.1:1 cannot be reached; offline plugin: ",
  );
});

test("a silent host is asked once, and its silence is remembered in this checkout", async () => {
  const here = offlineGround();
  here.command("pulumi", ...cli);
  const silent = await webServer((_request, response) => void response.writeHead(503).end());
  at(here, silent);
  await here.run(pulumi, command);
  expect(silent.requests).toEqual([`HEAD ${folder}/${archive}`]);
  expect(readFileSync(join(here.place.localDirectory, "pulumi-host-silent"), "utf8")).toMatch(
    new RegExp(`^${silent.url}${folder}/${archive} \\d+$`),
  );
});
