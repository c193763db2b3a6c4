import type { ListenerFact } from "../../model/facts/observation.ts";
import { readServerPort } from "../../model/server-port.ts";
import type { Container } from "../docker/container.ts";
import { holdersOf } from "./processes.ts";
import type { ListeningSocket } from "./sockets.ts";

/** A port of the server, whatever its address. */
type AnyPort = Pick<ListenerFact, "port" | "protocol">;

/**
 * Everything that listens on one of these ports, at whatever address: containers as the engine knows them, processes as
 * the kernel does.
 */
export function listenerFacts(
  ports: readonly string[],
  containers: readonly Container[],
  listening: readonly ListeningSocket[],
): ListenerFact[] {
  if (ports.length === 0) return [];
  const isWanted = wantedPorts(ports);
  const published = containers.flatMap((container) =>
    publishedPorts(container)
      .filter(isWanted)
      .map((place) => factOf({ ...place, container: container.name, project: container.project })),
  );
  // The engine's own processes listen there.
  const taken = new Set(published.map(placeName));
  const sockets = listening.filter((socket) => isWanted(socket) && !taken.has(placeName(socket)));
  return [...published, ...processFacts(sockets)];
}

/** Tells the ports that are among those of a claim or a scope, at whatever address. */
export function wantedPorts(ports: readonly string[]): (port: AnyPort) => boolean {
  const wanted = ports.flatMap((text) => readServerPort(text) ?? []);
  return ({ port, protocol }) => {
    const number = Number(port);
    return wanted.some((one) => one.protocol === protocol && one.first <= number && number <= one.last);
  };
}

/** A port with its protocol, so that 53 of TCP and of UDP are two. */
export function nameOf({ port, protocol }: AnyPort): string {
  return `${port}/${protocol}`;
}

/** A port with its protocol at an address. */
export function placeName({ address, ...port }: AnyPort & Pick<ListenerFact, "address">): string {
  return `${address} ${nameOf(port)}`;
}

/** The processes that hold sockets. */
export function processFacts(sockets: readonly ListeningSocket[]): ListenerFact[] {
  if (sockets.length === 0) return [];
  const holders = holdersOf(new Set(sockets.map(({ inode }) => inode)));
  return sockets.map(({ port, protocol, address, inode }) => {
    const { pid = "", name = "" } = holders.get(inode) ?? {};
    return factOf({ port, protocol, address, pid, command: name });
  });
}

/** The ports of the server that a container publishes. */
export function publishedPorts({ inspection }: Container): Pick<ListenerFact, "port" | "protocol" | "address">[] {
  return Object.entries(inspection.NetworkSettings.Ports ?? {}).flatMap(([inside, bindings]) => {
    const protocol = inside.endsWith("/udp") ? "udp" : "tcp";
    const known = inside.endsWith("/sctp") ? [] : (bindings ?? []);
    return known.map(({ HostPort: port, HostIp: address }) => ({ port, protocol, address }) as const);
  });
}

function factOf(known: Pick<ListenerFact, "port" | "protocol" | "address"> & Partial<ListenerFact>): ListenerFact {
  return { pid: "", command: "", container: "", project: "", ...known };
}
