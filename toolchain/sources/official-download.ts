import { join } from "node:path";
import { mustRun } from "../must-run.ts";
import { download } from "../cache/download.ts";
import { UserError } from "../../model/problem.ts";
import { pulumiHostObstacle, releaseArchive, releaseFolder } from "./pulumi-host.ts";
import { cached, type Stage } from "../cache/stage.ts";
import type { Source } from "../tool.ts";

/** Pulumi's official release: the CLI, with its language hosts in the same folder. */
export function officialDownload(commands: Readonly<Record<string, string>>): Source {
  return cached({
    name: "Pulumi's official release",
    origin: "downloaded",
    forecast: "downloads Pulumi's official release, about 200 MB",
    commands,
    obstacle: (tool, run) => pulumiHostObstacle(tool.version, run.place),
    deliver,
  });
}

async function deliver(stage: Stage): Promise<void> {
  const { tool, run, progress, kept } = stage;
  const archive = releaseArchive(tool.version);
  const file = join(kept, archive);
  const sums = await checksums(`${releaseFolder(run.place)}/pulumi-${tool.version}-checksums.txt`);
  const sha256 = sums.get(archive);
  if (sha256 === undefined)
    throw new UserError({ path: archive, what: "Pulumi's list of checksums does not name it", todo: "report it" });
  await download(`${releaseFolder(run.place)}/${archive}`, file, sha256, progress);
  progress.status("unpacks the release");
  await mustRun(["tar", "-xzf", file, "-C", stage.folder, "--strip-components=1"]);
}

/** Pulumi's published checksums by file name. */
async function checksums(url: string): Promise<ReadonlyMap<string, string>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) }).catch((error: unknown) => {
    const what = `cannot be reached (${String(error)})`;
    throw new UserError({ path: url, what, todo: "try again when the network is back" });
  });
  if (!response.ok) {
    const what = `the server answered ${response.status}`;
    throw new UserError({ path: url, what, todo: "check whether this version is still offered" });
  }
  const lines = (await response.text()).trim().split("\n");
  return new Map(lines.map((line) => line.trim().split(/\s+/)).map(([sum = "", name = ""]) => [name, sum]));
}
