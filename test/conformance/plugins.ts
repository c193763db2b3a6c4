import { existsSync, globSync, readFileSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { isLauncher } from "../../toolchain/launcher.ts";
import { type PluginHome, pluginHome } from "../pulumi/environment.ts";

interface Plugin {
  /** The name of its executable: "pulumi-resource-command". */
  readonly name: string;
  readonly version: string;
  readonly origin: "official" | "offline";
  readonly path: string;
}

/** The executables that the suite tests. */
export const pluginNames = [
  "pulumi-language-nodejs",
  "pulumi-resource-command",
  "pulumi-resource-docker",
  "pulumi-resource-tls",
] as const;

export type PluginName = (typeof pluginNames)[number];

/** The path of a plugin in a home; undefined if it is not there. */
export function pluginPath(name: PluginName, home: PluginHome): string | undefined {
  const beside = join(home.bin, name);
  if (name === "pulumi-language-nodejs") return existsSync(beside) ? beside : undefined;
  const short = name.replace("pulumi-", "");
  return globSync(join(home.pulumiHome, "plugins", `${short}-v*`, name))[0];
}

/** The plugins that the tests of this process use. */
export function pluginsUnderTest(home: PluginHome = pluginHome()): readonly Plugin[] {
  return pluginNames.flatMap((name) => {
    const path = pluginPath(name, home);
    return path === undefined ? [] : [describePlugin(name, path)];
  });
}

/** The lines about the plugins at the beginning of a run. */
export function describePlugins(plugins: readonly Plugin[]): readonly string[] {
  return plugins.map(({ name, version, origin, path }) => `under test: ${name} ${version} (${origin}) ${path}`);
}

/** True if a plugin under test is one of toolchain/plugins. These reject features that slipway does not use. */
export function isOffline(name: PluginName): boolean {
  return pluginsUnderTest().some((plugin) => plugin.name === name && plugin.origin === "offline");
}

function describePlugin(name: PluginName, path: string): Plugin {
  const origin = isLauncher(readFileSync(path)) ? "offline" : "official";
  const folder = basename(join(path, ".."));
  const version = /-v([^-]+.*)$/.exec(folder)?.[1] ?? "of the CLI";
  return { name, version, origin, path: realpathSync(path) };
}
