import { listOf, mapOf, textOf, type JsonMap } from "../../../model/json.ts";
import type { ServerPart } from "../case/server-view.ts";
import { configured, originalServices, type Comparison } from "./comparison.ts";
import type { Neighbour } from "./reach.ts";
import { proxyRoutes } from "./routes.ts";

/** The networks of the original, as Compose joins them. */
export function originalNeighbours({ original }: Pick<Comparison, "original">): Neighbour[] {
  const services = originalServices({ original });
  const networks = mapOf(original["networks"]);
  return services.flatMap(([service, fields]) => [
    ...joined(service, carrierOf(services, fields), networks, ownNames(service, fields)),
    ...linksOf(service, fields, networks),
  ]);
}

/** A container may use the network of another service (`network_mode: service:vpn`). */
function carrierOf(services: readonly [string, JsonMap][], fields: JsonMap): JsonMap {
  const carrier = /^service:(.+)$/.exec(textOf(fields["network_mode"]) ?? "")?.[1];
  return services.find(([name]) => name === carrier)?.[1] ?? fields;
}

/** The names that a container has in each of its networks. */
function ownNames(service: string, { container_name: container, hostname }: JsonMap): string[] {
  return [service, textOf(container) ?? "", textOf(hostname) ?? ""].filter((name) => name !== "");
}

function joined(service: string, { networks }: JsonMap, file: JsonMap, names: readonly string[]): Neighbour[] {
  return Object.entries(mapOf(networks)).map(([key, place]) => {
    const network = mapOf(file[key]);
    const aliases = listOf(mapOf(place)["aliases"]).map((alias) => textOf(alias) ?? "");
    return {
      service,
      network: networkName(file, key),
      names: [...new Set([...names, ...aliases])],
      internal: network["internal"] === true,
      foreign: network["external"] === true,
      ports: undefined,
    };
  });
}

/** The real name of a network of a file. */
function networkName(file: JsonMap, key: string): string {
  return textOf(mapOf(file[key])["name"]) ?? key;
}

/** `links` give a service a name in the eyes of one other service. */
function linksOf(service: string, { links, networks }: JsonMap, file: JsonMap): Neighbour[] {
  return listOf(links).flatMap((link) => {
    const [linked = "", alias = linked] = (textOf(link) ?? "").split(":");
    return Object.keys(mapOf(networks)).map((key) => ({
      service: linked,
      network: networkName(file, key),
      names: [alias],
      ...{ internal: false, foreign: false, ports: undefined, onlyFor: service, answersOnly: true },
    }));
  });
}

/** The networks of a server: those of each project, where the proxy answers for the services of the release. */
export function serverNeighbours(comparison: Comparison): Neighbour[] {
  const { server } = comparison;
  const own = server.parts.filter(({ kind }) => kind !== "proxy").flatMap((part) => partNeighbours(part));
  const answered = server.parts
    .filter(({ kind }) => kind === "proxy")
    .flatMap((part) => proxyNeighbours(comparison, part));
  return [...own, ...answered].map((one) => {
    const made = server.networks.get(one.network);
    // What slipway makes beside the projects is external to them, and to nothing else.
    const others = made === undefined || made["external"] === "true";
    return others ? one : { ...one, foreign: false, internal: textOf(made["internal"]) === "true" };
  });
}

function partNeighbours({ json, names }: ServerPart): Neighbour[] {
  const services = Object.entries(mapOf(json["services"])).map(([key, one]): [string, JsonMap] => [key, mapOf(one)]);
  return services.flatMap(([key, fields]) =>
    joined(names.get(key) ?? key, carrierOf(services, fields), mapOf(json["networks"]), ownNames(key, fields)),
  );
}

/**
 * The proxy has the names of release services, and answers on the ports of its routes for them. A service
 * that shares a network with it reaches each of its ports, unless they listen on the address of another network.
 */
function proxyNeighbours(comparison: Comparison, part: ServerPart): Neighbour[] {
  const routes = proxyRoutes(comparison.server);
  const released = comparison.pairs.filter((pair) => pair.part.kind === "release");
  const originals = originalNeighbours(comparison);
  return partNeighbours(part).flatMap((proxy) =>
    released.flatMap(({ name, original }): Neighbour[] => {
      const own = routes.filter(({ service, address }) => service === name && listensIn(address, proxy.network, part));
      const open = own
        .filter(({ entryPoint, port, host }) => entryPoint === port && host === undefined)
        .map(({ port, protocol }) => `${port}/${protocol}`);
      const known = knownPorts(comparison, name, original);
      // A name of the proxy counts for the services that have it in the file.
      const inFile = new Set(originals.filter(({ service }) => service === name).flatMap(({ names }) => names));
      const names = proxy.names.filter((one) => inFile.has(one));
      if (names.length === 0 && own.length === 0) return [];
      const ports = names.length > 0 && known.every((port) => open.includes(port)) ? undefined : open;
      return [{ ...proxy, service: name, names, ports, answersOnly: true }];
    }),
  );
}

/** An address is one of the proxy in one of its networks; without one the proxy listens in each. */
function listensIn(address: string, network: string, { json }: ServerPart): boolean {
  const places = Object.values(mapOf(json["services"])).flatMap((service) =>
    Object.entries(mapOf(mapOf(service)["networks"])),
  );
  const at = places.find(([, place]) => textOf(mapOf(place)["ipv4_address"]) === address)?.[0];
  return at === undefined || networkName(mapOf(json["networks"]), at) === network;
}

/** The ports on which a service is known to listen: the published ones, the exposed ones, and that of the stack. */
function knownPorts(comparison: Comparison, service: string, original: JsonMap): string[] {
  const published = listOf(original["ports"]).map((entry) => {
    const { target, protocol } = mapOf(entry);
    return `${textOf(target) ?? ""}/${textOf(protocol) ?? "tcp"}`;
  });
  const exposed = listOf(original["expose"]).map((port) => textOf(port) ?? "");
  const settings = configured(comparison, "services", service);
  const own = typeof settings === "object" && settings !== null && "port" in settings ? [String(settings.port)] : [];
  const ports = [...published, ...exposed, ...own].map((port) => (port.includes("/") ? port : `${port}/tcp`));
  return [...new Set(ports)];
}
