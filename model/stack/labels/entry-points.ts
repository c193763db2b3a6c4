import type { EntryPoint } from "../port/entry-points.ts";
import type { LabelledService } from "./proxy-labels.ts";
import { isRouted } from "./traefik-names.ts";

/** The first port in the proxy's container for a team's own Traefik. */
const first = 9801;

/** The entry point at which a team's own Traefik reaches a release service, whatever name a request is for. */
export function labelEntryPoints(services: readonly LabelledService[], taken: ReadonlySet<number>): EntryPoint[] {
  let port = first - 1;
  return services.flatMap(({ name, port: own, labels }): EntryPoint[] => {
    if (own === undefined || !isRouted(labels)) return [];
    do port++;
    while (taken.has(port));
    return [{ name: entryPointName(name), port, speaks: "http", ways: [{ service: name, port: own }] }];
  });
}

/** The name of a service's entry point for a team's own Traefik. */
export function entryPointName(service: string): string {
  return `labels-${service}`;
}
