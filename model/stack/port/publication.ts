import type { HostEnd, ServicePort } from "../../compose/application.ts";
import { countOf, portsIn, type PortRange, type Protocol } from "../../port-range.ts";
import type { ServerPort } from "../../server-port.ts";
import type { HostPort, MappedPort, PortSettings } from "../deployment.ts";
import { publishedTargets, requestPort, type PublishingService } from "./container-ports.ts";

/** The address of a port for which neither the stack nor the compose file names one: the server itself alone. */
export const defaultAddress = "127.0.0.1";

/** One or several ports of a service in a row, and their place on the server. */
export interface Publication extends ServerPort {
  readonly container: PortRange;
  /** Nothing names the address, so it is the default. */
  readonly addressless: boolean;
}

/** The ports of a service by its own port, as the stack says. */
interface Mapping {
  readonly mapped: readonly MappedPort[];
  /** The stack gives one place, and it is not known for which port. */
  readonly ambiguous: boolean;
}

/** What the stack says of each port of a service. The short form is for the only port. */
export function mappingOf(service: PublishingService, settings: PortSettings | undefined): Mapping {
  if (settings === undefined) return { mapped: [], ambiguous: false };
  if ("mapped" in settings) return { mapped: settings.mapped, ambiguous: false };
  const { only: at } = settings;
  const targets = publishedTargets(service.compose.ports);
  if (at === "none") {
    return { mapped: targets.map(({ target, protocol }) => ({ ...target, protocol, at })), ambiguous: false };
  }
  const [first, ...more] = targets.length > 0 ? targets : unpublishedTargets(service);
  if (first === undefined || more.length > 0) return { mapped: [], ambiguous: true };
  return { mapped: [{ ...first.target, protocol: first.protocol, at }], ambiguous: false };
}

/** The port of a service that the compose file does not publish: the stack's own, else what the service exposes. */
function unpublishedTargets(service: PublishingService): Pick<ServicePort, "target" | "protocol">[] {
  const port = requestPort(service);
  const targets = port === undefined ? service.compose.exposed : [{ first: port, last: port }];
  return targets.map((target) => ({ target, protocol: "tcp" }));
}

/** Every place of the server at which a service is published. */
export function publicationsOf(service: PublishingService, settings: PortSettings | undefined): Publication[] {
  return mappingOf(service, settings).mapped.flatMap((mapped) => placesOf(mapped, service.compose.ports));
}

/** The entries of the compose file for one port of a container. */
export function entriesFor(
  ports: readonly ServicePort[],
  { port, protocol }: { readonly port: number; readonly protocol: Protocol },
): ServicePort[] {
  return ports.filter((entry) => {
    return entry.protocol === protocol && entry.target.first <= port && port <= entry.target.last;
  });
}

function placesOf(mapped: MappedPort, ports: readonly ServicePort[]): Publication[] {
  const { at, protocol } = mapped;
  if (at === "none") return [];
  const fitting = at.filter((place) => countOf(place) === countOf(mapped));
  return fitting.flatMap((place, index) => {
    const single = portsIn(mapped).flatMap((port): Publication[] => {
      const ends = entriesFor(ports, { port, protocol }).map(({ host }) => host);
      const host = place.first + port - mapped.first;
      return addressesOf(place, ends, { index, count: fitting.length }).map((address) => ({
        ...{ address: address ?? defaultAddress, protocol, addressless: address === undefined },
        ...{ first: host, last: host, container: { first: port, last: port } },
      }));
    });
    return inRows(single);
  });
}

/**
 * The addresses of a place: the stack's, else those of the file. Where both have as many places they belong together
 * one by one.
 */
function addressesOf(
  { address }: HostPort,
  ends: readonly HostEnd[],
  { index, count }: { readonly index: number; readonly count: number },
): (string | undefined)[] {
  if (address !== undefined) return [address];
  const own = count > 1 && count === ends.length ? ends.slice(index, index + 1) : ends;
  const addresses = new Set(own.map((end) => end.address));
  if (addresses.has(defaultAddress)) addresses.delete(undefined);
  return addresses.size === 0 ? [undefined] : [...addresses];
}

/** Joins ports that follow each other at one address. */
function inRows(single: readonly Publication[]): Publication[] {
  const byAddress = Map.groupBy(single, ({ address }) => address);
  return [...byAddress.values()].flatMap((places) => {
    return places.reduce<Publication[]>((rows, place) => {
      const last = rows.at(-1);
      if (last === undefined || last.last + 1 !== place.first) return [...rows, place];
      const container = { first: last.container.first, last: place.container.last };
      return [...rows.slice(0, -1), { ...last, last: place.last, container }];
    }, []);
  });
}
