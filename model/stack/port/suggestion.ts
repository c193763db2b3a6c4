import type { ServicePort } from "../../compose/application.ts";
import {
  containerPortText,
  countOf,
  overlap,
  portRangeText,
  portsIn,
  type PortRange,
  type Protocol,
} from "../../port-range.ts";
import { beforePort, collide, everyAddress, type ServerPort } from "../../server-port.ts";
import type { HostPort, MappedPort, PortSettings } from "../deployment.ts";
import type { Stack } from "../stack.ts";
import { publishedTargets, requestPort, type PublishingService } from "./container-ports.ts";
import { defaultAddress, mappingOf } from "./publication.ts";

/** Ports of public web servers: slipway publishes them only at an address that somebody wrote. */
const publicPorts = [80, 443];

/** Tells whether one of the ports needs an address. */
export function needsAddress(range: PortRange): boolean {
  return publicPorts.some((port) => overlap(range, { first: port, last: port }));
}

/** The ports at which the server itself answers to SSH, at any of its addresses. */
export function portsOfSsh({ hosts }: Pick<Stack, "hosts">): ServerPort[] {
  const ports = new Set(
    Object.values(hosts).flatMap(({ connection }) => (connection.via === "ssh" ? connection.port : [])),
  );
  const at = (address: string) =>
    [...ports].map((port) => ({ address, protocol: "tcp", first: port, last: port }) as const);
  return everyAddress.flatMap(at);
}

/** The whole map for the ports of a service, as a user writes it: what the stack says, completed from the file. */
export function suggestedMap(
  service: PublishingService,
  settings: PortSettings | undefined,
  taken: readonly ServerPort[],
): string {
  const said = saidSoFar(service, settings);
  const keys = new Set(said.map((one) => containerPortText(one, one.protocol)));
  const targets = publishedTargets(service.compose.ports);
  const added = targets
    .map((one) => ({ ...one, key: containerPortText(one.target, one.protocol) }))
    .filter(({ key, target, protocol }) => !keys.has(key) && !isCovered(target, protocol, said))
    .filter(
      ({ target, protocol }) => !targets.some((other) => other.target !== target && holds(other, target, protocol)),
    )
    .map(({ key, ...one }) => `${key}: ${suggestedPlaces(service, one, taken)}`);
  return `{ ${[...said.map((one) => mappedText(one, service.compose.ports)), ...added].join(", ")} }`;
}

/**
 * The place for a port as the compose file has it, or one that is not taken; from where only the file's own address
 * lets others reach it.
 */
export function suggestedPlaces(
  { compose }: PublishingService,
  { target, protocol }: Pick<ServicePort, "target" | "protocol">,
  taken: readonly ServerPort[],
): string {
  const key = containerPortText(target, protocol);
  const ends = compose.ports.filter((entry) => containerPortText(entry.target, entry.protocol) === key);
  const texts = ends.map(({ host: { address, ports, variable, sameVariable } }) => {
    // Docker would take any port, so nobody outside can know it.
    if (ports === undefined && variable === undefined) return "none";
    const range = ports !== undefined && countOf(ports) === countOf(target) && !sameVariable ? ports : target;
    // One variable for both ends cannot hold another number.
    const free = sameVariable ? range : freeRange({ ...range, address: address ?? defaultAddress, protocol }, taken);
    const place = { ...free, address: undefined };
    return hostPortText(address === undefined ? withAddress(place) : place);
  });
  const known = texts.filter((text) => text !== "none");
  const distinct = [...new Set(known.length > 0 ? known : texts)];
  return distinct.length === 1 ? (distinct[0] ?? "") : `[${distinct.join(", ")}]`;
}

/** The ports of the server that the compose file names for a service and that something else has. */
export function takenPorts({ compose }: PublishingService, taken: readonly ServerPort[]): number[] {
  const ports = compose.ports.flatMap(({ protocol, host: { address = defaultAddress, ports: range } }) =>
    range === undefined ? [] : portsIn(range).map((port) => ({ address, protocol, first: port, last: port })),
  );
  return [...new Set(ports.filter((port) => isTaken(port, taken)).map(({ first }) => first))];
}

/** The ports, or as many in a row that nothing has: 2222 for 22, as people know it, and for others the next. */
function freeRange(wanted: ServerPort, taken: readonly ServerPort[]): PortRange {
  let place = wanted;
  while (isTaken(place, taken)) {
    const by = place === wanted && wanted.first < 1024 ? 2200 : 1;
    place = { ...place, first: place.first + by, last: place.last + by };
  }
  return { first: place.first, last: place.last };
}

function isTaken(port: ServerPort, taken: readonly ServerPort[]): boolean {
  return taken.some((other) => collide(port, other));
}

/** The place with an address where it needs one: that of the server itself opens nothing. */
function withAddress(place: HostPort): HostPort {
  return place.address === undefined && needsAddress(place) ? { ...place, address: defaultAddress } : place;
}

/** A place of the server as configuration has it, in quotes where YAML needs them. */
export function hostPortText({ address, ...range }: HostPort): string {
  return address === undefined ? portRangeText(range) : `"${beforePort(address)}:${portRangeText(range)}"`;
}

/** One place for several ports counts for the one that answers requests, else for the first. */
function saidSoFar(service: PublishingService, settings: PortSettings | undefined): readonly MappedPort[] {
  const { mapped, ambiguous } = mappingOf(service, settings);
  if (!ambiguous || settings === undefined || !("only" in settings)) return mapped;
  const port = requestPort(service);
  const targets = publishedTargets(service.compose.ports);
  const answering = targets.find(({ target, protocol }) => protocol === "tcp" && target.first === port);
  const [first] = answering === undefined ? targets : [answering];
  return first === undefined ? [] : [{ ...first.target, protocol: first.protocol, at: settings.only }];
}

function isCovered(target: PortRange, protocol: Protocol, said: readonly MappedPort[]): boolean {
  return said.some((one) => holds({ target: one, protocol: one.protocol }, target, protocol));
}

/** A range of the file that has the port as well, which another entry publishes by itself. */
function holds(range: Pick<ServicePort, "target" | "protocol">, port: PortRange, protocol: Protocol): boolean {
  const { first, last } = range.target;
  return range.protocol === protocol && first <= port.first && port.last <= last;
}

function mappedText({ at, protocol, ...range }: MappedPort, ports: readonly ServicePort[]): string {
  const hasAddress = ports.some(({ target, host }) => target.first === range.first && host.address !== undefined);
  const places = at === "none" ? ["none"] : at.map((place) => hostPortText(hasAddress ? place : withAddress(place)));
  const text = places.length === 1 ? (places[0] ?? "") : `[${places.join(", ")}]`;
  return `${containerPortText(range, protocol)}: ${text}`;
}
