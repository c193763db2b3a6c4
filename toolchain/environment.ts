import { delimiter, join } from "node:path";
import { binDirectory, checkout, localDirectory, pulumiHome } from "./paths.ts";

/** The environment in which `pulumi` finds this checkout's CLI, plugins and Node, and does not look for updates. */
export function toolEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return {
    ...base,
    PATH: [binDirectory, join(checkout, "node_modules", ".bin"), base["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    NODE_COMPILE_CACHE: join(localDirectory, "compile-cache"),
    // Go's default garbage collection takes a quarter of the engine's start, and every command starts an engine.
    GOGC: base["GOGC"] ?? "400",
    NODE_OPTIONS: withSdkStart(base["NODE_OPTIONS"]),
  };
}

/** Adds sdk-start.cjs to NODE_OPTIONS, once even if this environment is the base of another. */
function withSdkStart(given = ""): string {
  const ours = `--require=${JSON.stringify(join(import.meta.dirname, "sdk-start.cjs"))}`;
  return given.includes(ours) ? given : `${given} ${ours}`.trim();
}
