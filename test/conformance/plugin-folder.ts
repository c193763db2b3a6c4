import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { linkOrCopy } from "../../toolchain/activation.ts";
import { UserError } from "../../model/problem.ts";
import { binDirectory, localDirectory, pulumiHome } from "../../toolchain/paths.ts";
import type { PluginHome } from "../pulumi/environment.ts";
import { type PluginName, pluginNames, pluginPath } from "./plugins.ts";

const installed: PluginHome = { bin: binDirectory, pulumiHome };

/** Makes a home with the plugins of a folder, and the installed ones for the others. Returns it with the used names. */
export function makePluginHome(folder: string): { readonly home: string; readonly taken: readonly PluginName[] } {
  const taken = pluginNames.filter((name) => existsSync(join(folder, name)));
  if (taken.length === 0)
    throw new UserError({
      path: "--plugins",
      what: `the folder has no plugin, got "${folder}"`,
      todo: `its executables must be named ${pluginNames.join(", ")}`,
    });
  const home = join(localDirectory, "stacks", `home-${process.pid}`);
  rmSync(home, { recursive: true, force: true });
  // The engine uses the language host in its own folder, so the CLI needs a copy too.
  mkdirSync(join(home, "bin"), { recursive: true });
  linkOrCopy(join(binDirectory, "pulumi"), join(home, "bin", "pulumi"));
  for (const name of pluginNames) linkPlugin(name, taken.includes(name) ? join(folder, name) : undefined, home);
  return { home, taken };
}

function linkPlugin(name: PluginName, given: string | undefined, home: string): void {
  const path = pluginPath(name, installed);
  if (path === undefined)
    throw new UserError({ path: name, what: "it is not installed", todo: "run `npm run toolchain`" });
  const link = path.replace(binDirectory, join(home, "bin")).replace(pulumiHome, join(home, "pulumi-home"));
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(given ?? path, link);
}
