import type { Deployment } from "./deployment.ts";
import { projectsOf } from "./names.ts";
import { portsOf } from "./ports.ts";
import { volumesOf } from "./volumes.ts";

/** What one look at a server shall look at, besides the server itself. */
export interface Wants {
  readonly directory: string;
  readonly projects: readonly string[];
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  /** Folder of the Postgres cluster, by volume. */
  readonly clusters: Readonly<Record<string, string>>;
}

/** Everything on the server that the deployment would use. */
export function wantsOf(deployment: Deployment): Wants {
  const volumes = volumesOf(deployment);
  return {
    directory: deployment.directory,
    projects: projectsOf(deployment),
    ports: portsOf(deployment).published.map(({ port }) => String(port)),
    volumes: volumes.map(({ volume }) => volume),
    clusters: Object.fromEntries(
      volumes.flatMap(({ volume, cluster }): [string, string][] => (cluster === undefined ? [] : [[volume, cluster]])),
    ),
  };
}
