import { existsSync, realpathSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { duplicate, pointTo } from "../activation.ts";
import type { Place } from "../cache/place.ts";
import { goModule } from "../sources/go-module.ts";
import { officialDownload } from "../sources/official-download.ts";
import { onPath } from "../sources/on-path.ts";
import type { Installed, Tool } from "../tool.ts";

const version = "3.259.0";

/** The Node language host, which the engine looks for beside its own executable. */
export const languageHostCommand = "pulumi-language-nodejs";

/** The engine. */
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
      // The rest is what few commands use, such as the clouds' own libraries.
      fast: ["std", "github.com/pulumi/...", "golang.org/...", "google.golang.org/..."],
      suffix: "-built",
      forecast:
        "builds the Pulumi CLI from its Go module: about 7 minutes on two cores and 4 GB of disk meanwhile, once",
    }),
  ],
  remedy: `install the Pulumi CLI ${version} or newer`,
  activate,
};

/** The language host that came with the CLI, if it did. */
export function bundledLanguageHost(cli: string): string | undefined {
  const file = join(dirname(realpathSync(cli)), languageHostCommand);
  return existsSync(file) ? file : undefined;
}

/**
 * An engine with its own language host is linked: it finds the host beside the file that the link names. One without is put into
 * `.slipway/bin` as a file, so that it finds ours there.
 */
function activate(installed: Installed, place: Place): void {
  const cli = installed.commands["pulumi"] ?? "pulumi";
  const name = join(place.binDirectory, "pulumi");
  if (bundledLanguageHost(cli) === undefined) {
    duplicate(realpathSync(cli), name);
  } else {
    pointTo(cli, name);
    rmSync(join(place.binDirectory, languageHostCommand), { force: true });
  }
}
