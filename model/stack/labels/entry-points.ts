import type { EntryPoint } from "../ports.ts";
import type { LabelledService } from "./proxy-labels.ts";
import { isRouted } from "./traefik-names.ts";

/** The first port in the proxy's container for a team's own Traefik. */
const first = 9801;

/** The entry point at which a team's own Traefik reaches a release service, whatever name a request is for. */
export function labelEntryPoints(services: readonly LabelledService[], taken: ReadonlySet<number>): EntryPoint[] {
  let port = first - 1;
  return services
    .filter((service) => service.port !== undefined && isRouted(service.labels))
    .map(({ name }) => {
      do port++;
      while (taken.has(port));
      return { name: entryPointName(name), port, services: [name] };
    });
}

/** The name of a service's entry point for a team's own Traefik. */
export function entryPointName(service: string): string {
  return `labels-${service}`;
}
