import { nextFree } from "../../port-range.ts";
import { backendOf, type EntryPoint } from "../port/entry-points.ts";
import type { LabelNetwork } from "./label-network.ts";
import type { LabelledService } from "./proxy-labels.ts";
import { isRouted } from "./traefik-names.ts";

/** The first port in the proxy's container for a team's own Traefik. */
const first = 9801;

/**
 * The entry point at which a team's own Traefik reaches a release service, whatever name a request is for. It listens
 * in the network by which that comes, so that nobody else gets to the service by it.
 */
export function labelEntryPoints(
  services: readonly LabelledService[],
  taken: ReadonlySet<number>,
  network: LabelNetwork | undefined,
): EntryPoint[] {
  const place = network && (network.fixed ? { network: network.name } : { clients: [network.name] });
  let port = first - 1;
  return services.flatMap((service): EntryPoint[] => {
    if (service.port === undefined || !isRouted(service.labels)) return [];
    port = nextFree(port, taken);
    const backend = backendOf(service, service.port);
    return [{ name: entryPointName(service.name), port, speaks: "http", backend, ...place }];
  });
}

/** The name of a service's entry point for a team's own Traefik. */
export function entryPointName(service: string): string {
  return `labels-${service}`;
}
