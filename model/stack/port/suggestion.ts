import type { ServicePort } from "../../compose/application.ts";
import { containerPortText, countOf, overlap, portRangeText, type PortRange, type Protocol } from "../../port-range.ts";
import { beforePort } from "../../server-port.ts";
import type { HostPort, MappedPort, PortSettings } from "../deployment.ts";
import { publishedTargets, requestPort, type PublishingService } from "./container-ports.ts";
import { defaultAddress, mappingOf } from "./publication.ts";

/** Ports of public web servers: slipway publishes them only at an address that somebody wrote. */
const publicPorts = [80, 443];

/** Tells whether one of the ports needs an address. */
export function needsAddress(range: PortRange): boolean {
  return publicPorts.some((port) => overlap(range, { first: port, last: port }));
}

/** The whole map for the ports of a service, as a user writes it: what the stack says, completed from the file. */
export function suggestedMap(service: PublishingService, settings: PortSettings | undefined): string {
  const said = saidSoFar(service, settings);
  const keys = new Set(said.map((one) => containerPortText(one, one.protocol)));
  const targets = publishedTargets(service.compose.ports);
  const added = targets
    .map((one) => ({ ...one, key: containerPortText(one.target, one.protocol) }))
    .filter(({ key, target, protocol }) => !keys.has(key) && !isCovered(target, protocol, said))
    .filter(
      ({ target, protocol }) => !targets.some((other) => other.target !== target && holds(other, target, protocol)),
    )
    .map(({ key, ...one }) => `${key}: ${suggestedPlaces(service, one)}`);
  return `{ ${[...said.map((one) => mappedText(one, service.compose.ports)), ...added].join(", ")} }`;
}

/** The place for a port as the compose file has it; from where only the file's own address lets others reach it. */
export function suggestedPlaces(
  { compose }: PublishingService,
  { target, protocol }: Pick<ServicePort, "target" | "protocol">,
): string {
  const key = containerPortText(target, protocol);
  const ends = compose.ports.filter((entry) => containerPortText(entry.target, entry.protocol) === key);
  const texts = ends.map(({ host: { address, ports, variable, sameVariable } }) => {
    // Docker would take any port, so nobody outside can know it.
    if (ports === undefined && variable === undefined) return "none";
    const range = ports !== undefined && countOf(ports) === countOf(target) && !sameVariable ? ports : target;
    const place = { ...range, address: undefined };
    return hostPortText(address === undefined ? withAddress(place) : place);
  });
  const known = texts.filter((text) => text !== "none");
  const distinct = [...new Set(known.length > 0 ? known : texts)];
  return distinct.length === 1 ? (distinct[0] ?? "") : `[${distinct.join(", ")}]`;
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
