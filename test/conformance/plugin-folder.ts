import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { linkOrCopy } from "../../toolchain/activation.ts";
import { ToolProblem } from "../../toolchain/problem.ts";
import { binDirectory, localDirectory, pulumiHome } from "../../toolchain/paths.ts";
import type { PluginHome } from "../pulumi/environment.ts";
import { type PluginName, pluginNames, pluginPath } from "./plugins.ts";

const installed: PluginHome = { bin: binDirectory, pulumiHome };

/** Makes a home of its own for the plugins of a folder; those that it lacks are the installed ones. Answers where, and which it took. */
export function homeOf(folder: string): { readonly home: string; readonly taken: readonly PluginName[] } {
  const taken = pluginNames.filter((name) => existsSync(join(folder, name)));
  if (taken.length === 0)
    throw new ToolProblem(
      `--plugins: there is no plugin in the folder, got "${folder}"; put executables there that are named ${pluginNames.join(", ")}`,
    );
  const home = join(localDirectory, "stacks", `home-${process.pid}`);
  rmSync(home, { recursive: true, force: true });
  // The engine takes the language host that lies beside it, so it needs a place of its own as well.
  mkdirSync(join(home, "bin"), { recursive: true });
  linkOrCopy(join(binDirectory, "pulumi"), join(home, "bin", "pulumi"));
  for (const name of pluginNames) place(name, taken.includes(name) ? join(folder, name) : undefined, home);
  return { home, taken };
}

function place(name: PluginName, given: string | undefined, home: string): void {
  const usual = pluginPath(name, installed);
  if (usual === undefined) throw new ToolProblem(`${name}: it is not installed; run \`npm run toolchain\``);
  const own = usual.replace(binDirectory, join(home, "bin")).replace(pulumiHome, join(home, "pulumi-home"));
  mkdirSync(dirname(own), { recursive: true });
  symlinkSync(given ?? usual, own);
}
