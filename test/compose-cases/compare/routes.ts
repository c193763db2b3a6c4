import { listOf, mapOf, textOf, type JsonMap } from "../../../model/json.ts";
import type { ServerPart, ServerView } from "../case/server-view.ts";

/** One way through the proxy to a port of a release service. */
export interface ProxyRoute {
  readonly service: string;
  readonly port: string;
  readonly protocol: "tcp" | "udp";
  /** What the proxy understands of it: `http`, or only connections. */
  readonly kind: string;
  /** The address in the proxy's container on which it listens; empty for every one. */
  readonly address: string;
  /** The port of the proxy's container. */
  readonly entryPoint: string;
  /** The listener of the server, such as `127.0.0.1 8080`; undefined if the port is not published. */
  readonly published: string | undefined;
  /** The name that a request must ask for; undefined if every request comes through. */
  readonly host: string | undefined;
}

/** Every way through the proxy, from Traefik's own files and the ports of its container. */
export function proxyRoutes({ traefik, parts }: ServerView): ProxyRoute[] {
  if (traefik === undefined) return [];
  const proxies = parts.filter(({ kind }) => kind === "proxy");
  const released = parts.filter(({ kind }) => kind === "release");
  const entries = Object.entries(mapOf(traefik.static["entryPoints"])).flatMap(([name, entryPoint]) => {
    const text = textOf(mapOf(entryPoint)["address"]) ?? "";
    const [, address = "", entry = "", protocol = "tcp"] = /^(.*):(\d+)(?:\/(\w+))?$/.exec(text) ?? [];
    return listenersOf(proxies, entry).map((published) => ({ name, address, entry, protocol, published }));
  });
  return entries.flatMap(({ name, address, entry, protocol, published }) =>
    ["http", "tcp", "udp"].flatMap((kind) =>
      targetsOf(mapOf(traefik.routes[kind]), name, released).map((target): ProxyRoute => ({
        ...target,
        ...{ kind, address, published, entryPoint: entry },
        protocol: protocol === "udp" ? "udp" : "tcp",
      })),
    ),
  );
}

/** Where the server listens for a port of the proxy's container; a list with nothing if it does not. */
function listenersOf(proxies: readonly ServerPart[], port: string): (string | undefined)[] {
  const ports = proxies.flatMap(({ json }) => Object.values(mapOf(json["services"])).map((service) => mapOf(service)));
  const found = ports
    .flatMap((service) => listOf(service["ports"]).map((entry) => mapOf(entry)))
    .filter(({ target }) => textOf(target) === port)
    .map(({ host_ip: address, published }) => `${textOf(address) ?? "any"} ${textOf(published) ?? "any"}`);
  return found.length === 0 ? [undefined] : found;
}

function targetsOf(
  { routers, services }: JsonMap,
  entryPoint: string,
  released: readonly ServerPart[],
): Pick<ProxyRoute, "service" | "port" | "host">[] {
  return Object.values(mapOf(routers))
    .map((router) => mapOf(router))
    .filter((router) => listOf(router["entryPoints"]).includes(entryPoint))
    .flatMap(({ rule, service }) => {
      const balancer = mapOf(mapOf(mapOf(services)[textOf(service) ?? ""])["loadBalancer"]);
      const host = /Host(?:SNI)?\(`([^`*]+)`\)/.exec(textOf(rule) ?? "")?.[1];
      return listOf(balancer["servers"]).flatMap((server) => {
        const { url, address } = mapOf(server);
        const [, name = "", port = ""] = /^(?:\w+:\/\/)?([^:/]+):(\d+)/.exec(textOf(url ?? address) ?? "") ?? [];
        return [{ service: developersName(name, released), port, host }];
      });
    });
}

function developersName(name: string, released: readonly ServerPart[]): string {
  return released.flatMap(({ names }) => names.get(name) ?? [])[0] ?? name;
}
