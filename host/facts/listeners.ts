import type { ListenerFact } from "../../model/facts/observation.ts";
import type { Container } from "../docker/container.ts";
import { holdersOf } from "./processes.ts";
import type { ListeningSocket } from "./sockets.ts";

/** Everything that listens on one of these ports: containers as the engine knows them, processes as the kernel does. */
export function listenerFacts(
  ports: readonly string[],
  containers: readonly Container[],
  listening: readonly ListeningSocket[],
): ListenerFact[] {
  if (ports.length === 0) return [];
  const wanted = new Set(ports);
  const published = containers.flatMap((container) =>
    publishedPorts(container)
      .filter(({ port }) => wanted.has(port))
      .map(({ port, address }) => factOf({ port, address, container: container.name, project: container.project })),
  );
  const taken = new Set(published.map(({ port }) => port));
  const sockets = listening.filter(({ port }) => wanted.has(port) && !taken.has(port));
  return [...published, ...processFacts(sockets)];
}

/** The processes that hold sockets. */
export function processFacts(sockets: readonly ListeningSocket[]): ListenerFact[] {
  if (sockets.length === 0) return [];
  const holders = holdersOf(new Set(sockets.map(({ inode }) => inode)));
  return sockets.map(({ port, address, inode }) => {
    const { pid = "", name = "" } = holders.get(inode) ?? {};
    return factOf({ port, address, pid, command: name });
  });
}

/** The TCP ports of the server that a container publishes. */
export function publishedPorts({ inspection }: Container): { readonly port: string; readonly address: string }[] {
  return Object.entries(inspection.NetworkSettings.Ports ?? {})
    .filter(([inside]) => inside.endsWith("/tcp"))
    .flatMap(([, bindings]) => bindings ?? [])
    .map(({ HostPort, HostIp }) => ({ port: HostPort, address: HostIp }));
}

function factOf(known: Pick<ListenerFact, "port" | "address"> & Partial<ListenerFact>): ListenerFact {
  return { pid: "", command: "", container: "", project: "", ...known };
}
