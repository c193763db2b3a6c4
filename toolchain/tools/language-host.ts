import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle, bundleFile, offlineMain, removeOldBundles } from "../bundle.ts";
import { launcher } from "../launcher.ts";
import type { Place } from "../cache/place.ts";
import type { Source, Tool } from "../tool.ts";
import { bundledLanguageHost, languageHostCommand, pulumi } from "./pulumi.ts";

const plugin = "language-nodejs";
const { version } = pulumi;

/** The language host in the same folder as the CLI. */
const bundled: Source = {
  name: "the CLI's own",
  forecast: "",
  async present(_tool, run) {
    const { commands } = await run.use(pulumi);
    const file = bundledLanguageHost(commands["pulumi"] ?? "pulumi");
    return file === undefined ? undefined : { origin: "official plugin", detail: file, version, commands: {} };
  },
  obstacle: () => Promise.resolve("the CLI has none"),
  obtain: () => Promise.reject(new Error("an official language host is installed only with a CLI")),
};

/** Our own language host, for a CLI without one. */
const offline: Source = {
  name: "offline plugin",
  forecast: "installs the offline language host, because the CLI has none",
  present: (_tool, run) => Promise.resolve(isReady(run.place) ? installed : undefined),
  obstacle: (_tool, run) => {
    const main = offlineMain(plugin, run.place);
    return Promise.resolve(existsSync(main) ? undefined : `${main} is missing`);
  },
  async obtain(_tool, run) {
    await bundle(plugin, run.place);
    mkdirSync(run.place.binDirectory, { recursive: true });
    const file = launcherFile(run.place);
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, launcher(plugin, run.place));
    chmodSync(fresh, 0o755);
    renameSync(fresh, file);
    removeOldBundles(plugin, run.place);
    return installed;
  },
};

const installed = {
  origin: "offline plugin",
  detail: `toolchain/plugins/${plugin}`,
  version,
  commands: {},
} as const;

/** Runs our Pulumi program for the engine. */
export const languageHost: Tool = {
  name: "language-host",
  version,
  check: [],
  sources: [bundled, offline],
  remedy: "run this again in a complete checkout",
  lock: (place) => join(place.localDirectory, "locks", "language-host"),
};

function launcherFile(place: Place): string {
  return join(place.binDirectory, languageHostCommand);
}

/** True if the launcher is that of this checkout, and its bundle is up to date. */
function isReady(place: Place): boolean {
  const file = launcherFile(place);
  const isWritten = existsSync(file) && readFileSync(file, "utf8") === launcher(plugin, place);
  return isWritten && existsSync(bundleFile(plugin, place));
}
