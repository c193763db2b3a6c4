import type { CaseDeployment } from "./case-deployment.ts";
import { runOn } from "./containers.ts";

/** The paths of data on a server: the volumes that have a name, and what each Postgres made. */
export async function dataPaths(deployment: CaseDeployment): Promise<readonly string[]> {
  const mounts = (await deployment.containers()).flatMap((container) => container.mounts);
  const named = mounts.filter(({ volume }) => volume !== undefined && !/^[0-9a-f]{64}$/.test(volume));
  const folders = mounts.map(({ source }) => `'${source}'`).join(" ");
  const find = `for path in ${folders}; do find "$path" -maxdepth 3 -name PG_VERSION -not -path '*/base/*'; done`;
  const clusters = folders === "" ? "" : await runOn(deployment.server, find);
  const all = [...named.map(({ source }) => source), ...clusters.split("\n")];
  return [...new Set(all)].filter((path) => path !== "");
}

/** Those of the paths that are not there. */
export async function missingPaths({ server }: CaseDeployment, paths: readonly string[]): Promise<readonly string[]> {
  if (paths.length === 0) return [];
  const words = paths.map((path) => `'${path}'`).join(" ");
  const missing = await runOn(server, `for path in ${words}; do [ -e "$path" ] || echo "$path"; done`);
  return missing.split("\n").filter((path) => path !== "");
}
