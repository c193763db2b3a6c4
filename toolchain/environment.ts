import { delimiter, join } from "node:path";
import { binDirectory, checkout, localDirectory, pulumiHome } from "./paths.ts";

/** The environment in which `pulumi` finds this checkout's engine, plugins and Node, and asks nobody for updates. */
export function toolEnvironment(base: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return {
    ...base,
    PATH: [binDirectory, join(checkout, "node_modules", ".bin"), base["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    NODE_COMPILE_CACHE: join(localDirectory, "compile-cache"),
    // Pulumi's engine begins anew with each command; clearing up its memory as Go does by itself is a quarter of what its start costs.
    GOGC: base["GOGC"] ?? "400",
    NODE_OPTIONS: withSdkStart(base["NODE_OPTIONS"]),
  };
}

function withSdkStart(given = ""): string {
  const ours = `--require=${JSON.stringify(join(import.meta.dirname, "sdk-start.cjs"))}`;
  return given.includes(ours) ? given : `${given} ${ours}`.trim();
}
