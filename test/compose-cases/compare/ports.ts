import { isMap, listOf, mapOf, textOf, type Json, type JsonMap } from "../../../model/json.ts";
import { configured, originalServices, type Comparison } from "./comparison.ts";
import { compareValues, nothing, type Difference } from "./difference.ts";
import { proxyRoutes, type ProxyRoute } from "./routes.ts";

/** Compares every port that the server publishes, by the service and its own port behind it. */
export function comparePorts(comparison: Comparison): Difference[] {
  const found = serverPorts(comparison);
  const services = originalServices(comparison);
  const names = new Set([...services.map(([name]) => name), ...found.keys()]);
  return [...names].sort().flatMap((service) => {
    const original = services.find(([name]) => name === service)?.[1] ?? {};
    const expected = withoutRefusedPorts(comparison, service, portsOf(original));
    return compareValues({ aspect: "ports", service }, "", expected, found.get(service) ?? {});
  });
}

type Ports = Record<string, readonly string[]>;

/** Published ports by port and protocol of the container, such as `53/udp`: where the server listens for each. */
function portsOf(service: JsonMap): Ports {
  return grouped(
    listOf(service["ports"]).map((entry): [string, string] => {
      const { target, protocol = "tcp", published, host_ip: address } = mapOf(entry);
      return [`${textOf(target) ?? ""}/${textOf(protocol) ?? ""}`, listener(address, published)];
    }),
  );
}

/** Where the server listens. `any` is an address or a port that the file leaves open. */
function listener(address: Json | undefined, published: Json | undefined): string {
  const ip = textOf(address) ?? "";
  return `${ip === "" ? "any" : ip} ${textOf(published) || "any"}`;
}

function grouped(entries: readonly [string, string][]): Ports {
  const groups = Map.groupBy(entries, ([key]) => key);
  return Object.fromEntries(Array.from(groups, ([key, found]) => [key, found.map(([, value]) => value).sort()]));
}

/** The ports that the configuration refuses to publish: `none`, which a user wrote for this very port. */
function withoutRefusedPorts(comparison: Comparison, service: string, ports: Ports): Ports {
  const said = configured(comparison, "ports", service);
  const refused = (port: string): boolean => {
    if (!isMap(said)) return said === "none";
    return said[port] === "none" || said[port.replace("/tcp", "")] === "none";
  };
  return Object.fromEntries(Object.entries(ports).map(([port, where]) => [port, refused(port) ? [nothing] : where]));
}

/** By service: its published ports, its own and those of the proxy that lead to it. */
export function serverPorts(comparison: Comparison): ReadonlyMap<string, Ports> {
  const { server } = comparison;
  const own = server.parts
    .filter(({ kind }) => kind !== "proxy")
    .flatMap(({ json, names }) =>
      Object.entries(mapOf(json["services"])).map(([key, service]): [string, Ports] => [
        names.get(key) ?? key,
        portsOf(mapOf(service)),
      ]),
    );
  const byProxy = proxyRoutes(server)
    .filter(({ published }) => published !== undefined)
    .map((route): [string, [string, string]] => [
      route.service,
      [`${route.port}/${route.protocol}`, `${route.published ?? ""}${limits(comparison, route)}`],
    ]);
  const services = Map.groupBy(byProxy, ([service]) => service);
  const proxied = Array.from(services, ([service, found]): [string, Ports] => [
    service,
    grouped(found.map(([, entry]) => entry)),
  ]);
  return new Map([...own, ...proxied].map(([service, ports]) => [service, { ...portsIn(own, service), ...ports }]));
}

/** What a port of the proxy asks of a request that the service's own port would not ask. */
function limits(comparison: Comparison, { service, port, kind, host }: ProxyRoute): string {
  const name = host === undefined ? "" : `, for requests to ${host} alone`;
  return kind !== "http" || speaksHttp(comparison, service, port) ? name : `${name}, for HTTP alone`;
}

/** The stack or the file says that a port speaks HTTP; the only port of a release service is taken to. */
function speaksHttp(comparison: Comparison, service: string, port: string): boolean {
  const settings = configured(comparison, "services", service);
  const own = isMap(settings) ? settings["port"] : undefined;
  const [, fields = {}] = originalServices(comparison).find(([name]) => name === service) ?? [];
  const ports = listOf(fields["ports"]).map(mapOf);
  const said = ports.some(({ target, app_protocol: protocol }) => textOf(target) === port && protocol === "http");
  return said || String(own) === port || new Set(ports.map(({ target }) => target)).size <= 1;
}

function portsIn(entries: readonly [string, Ports][], service: string): Ports {
  return entries.find(([name]) => name === service)?.[1] ?? {};
}
