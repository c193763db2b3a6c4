import { existsSync, realpathSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { linkOrCopy, ensureSymlink } from "../activation.ts";
import type { Place } from "../cache/place.ts";
import { goModule } from "../sources/go-module.ts";
import { officialDownload } from "../sources/official-download.ts";
import { onPath } from "../sources/on-path.ts";
import type { Installed, Tool } from "../tool.ts";

const version = "3.259.0";

/** The command of the Node language host; the engine looks for it in its own folder. */
export const languageHostCommand = "pulumi-language-nodejs";

/** The Pulumi CLI, which contains the engine. */
export const pulumi: Tool = {
  name: "pulumi",
  version,
  check: ["version"],
  sources: [
    onPath("pulumi", { beside: languageHostCommand }),
    officialDownload({ pulumi: "pulumi" }),
    onPath("pulumi"),
    goModule({
      module: "pulumi",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      command: "pulumi",
      tags: ["osusergo", "grpcnotrace"],
      ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`,
      // The other packages, such as the clouds' own libraries, serve commands that are rarely used.
      fast: ["std", "github.com/pulumi/...", "golang.org/...", "google.golang.org/..."],
      suffix: "-built",
      forecast:
        "builds the Pulumi CLI from its Go module, once: about 7 minutes on two cores, and 4 GB of disk meanwhile",
    }),
  ],
  remedy: `install the Pulumi CLI ${version} or newer`,
  activate,
};

/** The language host in the folder of a CLI; undefined if there is none. */
export function bundledLanguageHost(cli: string): string | undefined {
  const file = join(dirname(realpathSync(cli)), languageHostCommand);
  return existsSync(file) ? file : undefined;
}

/**
 * Puts the CLI into `.slipway/bin`. The engine looks for a language host beside its executable, following links. So a
 * CLI that has one becomes a link; a CLI without one becomes a file, beside which it finds our own language host.
 */
function activate(installed: Installed, place: Place): void {
  const cli = installed.commands["pulumi"] ?? "pulumi";
  const name = join(place.binDirectory, "pulumi");
  if (bundledLanguageHost(cli) === undefined) {
    linkOrCopy(realpathSync(cli), name);
  } else {
    ensureSymlink(cli, name);
    rmSync(join(place.binDirectory, languageHostCommand), { force: true });
  }
}
