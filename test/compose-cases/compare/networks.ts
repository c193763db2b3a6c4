import { mapOf, textOf } from "../../../model/json.ts";
import type { ServerPart } from "../case/server-view.ts";
import { originalServices, type Comparison } from "./comparison.ts";
import { compareValues, nothing, type Difference } from "./difference.ts";
import { originalNeighbours, serverNeighbours } from "./neighbours.ts";
import { compareNetworkFields } from "./network-fields.ts";
import { reachOf } from "./reach.ts";
import { proxyRoutes } from "./routes.ts";

/** Compares who reaches whom and by which names, and what each network is besides. */
export function compareNetworks(comparison: Comparison): Difference[] {
  const isThere = (service: string, from: string): boolean => !waitsForEnd(comparison, service, from);
  const expected = reachOf(originalNeighbours(comparison), isThere);
  const found = reachOf(serverNeighbours(comparison), isThere);
  const services = comparison.pairs.map(({ name }) => name);
  const known = new Set([...expected.values()].flatMap(({ names }) => Object.keys(names)));
  return [
    ...services.flatMap((service) => {
      const [from, to] = [expected.get(service), found.get(service)];
      const where = { aspect: "networks", service } as const;
      const names = Object.entries(to?.names ?? {}).filter(([name]) => known.has(name));
      return [
        ...compareValues(where, "reaches ", from?.hosts ?? {}, to?.hosts ?? {}),
        ...compareValues(where, "name ", from?.names ?? {}, Object.fromEntries(names)),
      ];
    }),
    ...unreachedByProxy(comparison),
    ...compareNetworkFields(comparison),
  ];
}

/**
 * Tells a service that does not run yet while a job does: it waits for the job's end, itself or through others, or it
 * comes with the release whose migration the job is.
 */
function waitsForEnd(comparison: Comparison, service: string, job: string): boolean {
  const partOf = (name: string) => comparison.pairs.find((pair) => pair.name === name)?.part.kind;
  if (partOf(job) === "migration" && partOf(service) === "release") return true;
  const services = new Map(originalServices(comparison));
  const waits = (name: string, seen: readonly string[]): boolean =>
    Object.entries(mapOf(services.get(name)?.["depends_on"])).some(([other, entry]) => {
      if (other === job) return mapOf(entry)["condition"] === "service_completed_successfully";
      return !seen.includes(other) && waits(other, [...seen, other]);
    });
  return waits(service, [service]);
}

/** The proxy must share a network with each container to which it sends requests. */
function unreachedByProxy({ server }: Comparison): Difference[] {
  const networks = (kind: ServerPart["kind"], service?: string): string[] =>
    server.parts
      .filter((part) => part.kind === kind)
      .flatMap(({ json, names }) =>
        Object.entries(mapOf(json["services"]))
          .filter(([key]) => service === undefined || names.get(key) === service)
          .flatMap(([, fields]) => Object.keys(mapOf(mapOf(fields)["networks"])))
          .map((network) => textOf(mapOf(mapOf(json["networks"])[network])["name"]) ?? network),
      );
  const own = new Set(networks("proxy"));
  const targets = new Set(proxyRoutes(server).map(({ service }) => service));
  return [...targets]
    .filter((service) => !networks("release", service).some((network) => own.has(network)))
    .map((service) => {
      const [expected, found] = ["a network in which the proxy comes to it", nothing];
      return { aspect: "networks", service, field: "proxy", expected, found };
    });
}
