import { delimiter, join } from "node:path";
import { toolEnvironment } from "../../toolchain/environment.ts";
import { binDirectory, pulumiHome } from "../../toolchain/paths.ts";

/**
 * Set by `npm run conformance -- --plugins`: a folder with `bin` and `pulumi-home` that is tested instead of the
 * checkout's.
 */
export const homeVariable = "SLIPWAY_CONFORMANCE_HOME";

/** The folders of the engine and the plugins under test. */
export interface PluginHome {
  readonly bin: string;
  readonly pulumiHome: string;
}

/** The plugins under test: those of this checkout, unless the environment names others. */
export function pluginHome(): PluginHome {
  const home = process.env[homeVariable];
  return home === undefined
    ? { bin: binDirectory, pulumiHome }
    : { bin: join(home, "bin"), pulumiHome: join(home, "pulumi-home") };
}

/** The environment for `pulumi` in tests, without the caller's own settings of Pulumi, SSH and Docker. */
export function pulumiEnvironment(): NodeJS.ProcessEnv {
  const { bin, pulumiHome } = pluginHome();
  const usual = toolEnvironment(withoutPersonalSettings(process.env));
  return {
    ...usual,
    PATH: [bin, usual["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: pulumiHome,
    PULUMI_CONFIG_PASSPHRASE: "conformance",
    PULUMI_DISABLE_CI_DETECTION: "true",
    // Unlocks the option `--event-log`.
    PULUMI_DEBUG_COMMANDS: "true",
  };
}

function withoutPersonalSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const personal = /^(PULUMI_|DOCKER_|SSH_|VITEST|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !personal.test(name)));
}
