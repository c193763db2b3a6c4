import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../must-run.ts";
import { toolEnvironment } from "../environment.ts";
import { bundle, bundleFile, offlineMain, removeOldBundles } from "../bundle.ts";
import { isLauncher, launcher } from "../launcher.ts";
import type { Place } from "../cache/place.ts";
import { UserError } from "../../model/problem.ts";
import { pulumiHostObstacle } from "./pulumi-host.ts";
import type { Run, Source, Tool } from "../tool.ts";
import { pulumi } from "../tools/pulumi.ts";

/** A provider plugin that Pulumi publishes, installed by `pulumi plugin install`. */
export const officialPlugin: Source = {
  name: "Pulumi's plugin host",
  forecast: "installs the official plugin, about half a minute",
  async present(tool, run) {
    // Installing the CLI here keeps its duration out of the plugin's.
    await run.use(pulumi);
    const file = executable(tool, run.place);
    const isOfficial = existsSync(file) && !isPartial(tool, run.place) && !isLauncher(readFileSync(file));
    return isOfficial ? official(tool) : undefined;
  },
  obstacle: (_tool, run) => pulumiHostObstacle(pulumi.version, run.place),
  async obtain(tool, run, progress) {
    progress.status("pulumi plugin install is running");
    await installPlugin(tool, run, []);
    return official(tool);
  },
};

/** Our own implementation of a plugin, for machines that cannot reach Pulumi's plugin host. */
export const offlinePlugin: Source = {
  name: "offline plugin",
  forecast: "installs the offline plugin, because Pulumi's plugin host cannot be reached",
  present(tool, run) {
    const isReady = isOffline(tool, run.place) && existsSync(bundleFile(tool.name, run.place));
    return Promise.resolve(isReady ? offline(tool) : undefined);
  },
  obstacle: (tool, run) => {
    const main = offlineMain(tool.name, run.place);
    return Promise.resolve(existsSync(main) ? undefined : `${main} is missing`);
  },
  async obtain(tool, run) {
    await bundle(tool.name, run.place);
    const folder = join(run.place.localDirectory, "stages", tool.name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `pulumi-resource-${tool.name}`);
    writeFileSync(file, launcher(tool.name, run.place));
    chmodSync(file, 0o755);
    await installPlugin(tool, run, ["--file", folder]);
    rmSync(folder, { recursive: true });
    removeOldBundles(tool.name, run.place);
    return offline(tool);
  },
};

/** Installs a plugin with Pulumi's own command into this checkout's PULUMI_HOME. */
async function installPlugin(tool: Tool, run: Run, options: readonly string[]): Promise<void> {
  const { commands } = await run.use(pulumi);
  const words = ["plugin", "install", "resource", tool.name, tool.version, "--reinstall", ...options];
  await mustRun([commands["pulumi"] ?? "pulumi", ...words], {
    env: { ...toolEnvironment(), PULUMI_HOME: run.place.pulumiHome },
  });
  if (!existsSync(executable(tool, run.place)))
    throw new UserError({
      path: `pulumi ${words.join(" ")}`,
      what: `reported success, but ${executable(tool, run.place)} is missing`,
      todo: "run it again, and report it if it happens twice",
    });
}

function folderOf(tool: Tool, place: Place): string {
  return join(place.pulumiHome, "plugins", `resource-${tool.name}-v${tool.version}`);
}

function executable(tool: Tool, place: Place): string {
  return join(folderOf(tool, place), `pulumi-resource-${tool.name}`);
}

/** True for an interrupted installation, which Pulumi marks with a file. */
function isPartial(tool: Tool, place: Place): boolean {
  return existsSync(`${folderOf(tool, place)}.partial`);
}

/** True if the installed plugin is the launcher of this checkout for the current Node. */
function isOffline(tool: Tool, place: Place): boolean {
  const file = executable(tool, place);
  return existsSync(file) && readFileSync(file).equals(Buffer.from(launcher(tool.name, place)));
}

function official(tool: Tool) {
  return { origin: "official plugin", detail: "pulumi plugin install", version: tool.version, commands: {} } as const;
}

function offline(tool: Tool) {
  return {
    origin: "offline plugin",
    detail: `toolchain/plugins/${tool.name}`,
    version: tool.version,
    commands: {},
  } as const;
}
