import { containerPortText, portsIn, portRangeText } from "../../port-range.ts";
import { beforePort } from "../../server-port.ts";
import type { PortSettings } from "../deployment.ts";
import { publishedTargets, type PublishingService } from "./container-ports.ts";
import { defaultAddress, entriesFor, mappingOf, publicationsOf, type Publication } from "./publication.ts";

type Settings = Readonly<Record<string, PortSettings>>;

/** Everything about the ports of a stack that is different from Compose, in lines of the plan. */
export function portNotes(services: readonly PublishingService[], settings: Settings): string[] {
  const deployed = services.filter(({ part }) => part !== "migration");
  return [
    ...addressNote(deployed, settings),
    ...deployed.flatMap((service) => serviceNotes(service, settings[service.name])),
    ...services
      .filter(({ part, compose }) => part === "migration" && compose.ports.length > 0)
      .map(({ name }) => `${name}: is not published, since the migration runs once and ends`),
  ];
}

function addressNote(services: readonly PublishingService[], settings: Settings): string[] {
  const places = services.flatMap((service) =>
    publicationsOf(service, settings[service.name])
      .filter(({ addressless }) => addressless)
      .map(({ first, last, protocol }) => `${service.name} ${containerPortText({ first, last }, protocol)}`),
  );
  if (places.length === 0) return [];
  const why = "for the server itself alone, since neither ports nor the compose file names an address";
  return [`published on ${defaultAddress}, ${why}: ${places.join(", ")}`];
}

function serviceNotes(service: PublishingService, settings: PortSettings | undefined): string[] {
  const { name, part, compose } = service;
  const { mapped } = mappingOf(service, settings);
  const published = publicationsOf(service, settings);
  const closed = mapped
    .filter(({ at }) => at === "none")
    .map(({ protocol, ...port }) => containerPortText(port, protocol));
  const opened = mapped.filter(({ at, protocol, first, last }) => {
    return (
      at !== "none" &&
      portsIn({ first, last }).every((port) => entriesFor(compose.ports, { port, protocol }).length === 0)
    );
  });
  return [
    ...(closed.length === 0
      ? []
      : [`${name}: ${closed.join(", ")} ${isOrAre(closed)} not published, as ports.${name} says`]),
    ...opened.map(({ protocol, ...port }) => {
      return `${name}: ${containerPortText(port, protocol)} is published by ports.${name}, not by the compose file`;
    }),
    ...fewerPlaces(service, published),
    ...uncalledUdp(service),
    ...(part === "release" && published.length > 0 ? [`${name}: is published by the proxy, not by itself`] : []),
  ];
}

/** The file publishes a port at more places of the server than the stack. */
function fewerPlaces({ name, compose }: PublishingService, published: readonly Publication[]): string[] {
  return publishedTargets(compose.ports).flatMap(({ target, protocol }) => {
    const inFile = entriesFor(compose.ports, { port: target.first, protocol }).length;
    const own = published.filter((place) => {
      return (
        place.protocol === protocol && place.container.first <= target.first && target.first <= place.container.last
      );
    });
    if (own.length === 0 || own.length >= inFile) return [];
    const places = own.map(({ address, first, last }) => `${beforePort(address)}:${portRangeText({ first, last })}`);
    const port = containerPortText(target, protocol);
    return [`${name}: ${port} is published at ${places.join(", ")} alone, and at ${inFile} places by the compose file`];
  });
}

/** The proxy answers for release services over TCP alone. */
function uncalledUdp({ name, part, compose: { ports } }: PublishingService): string[] {
  const udp = part === "release" ? publishedTargets(ports.filter(({ protocol }) => protocol === "udp")) : [];
  const names = udp.map(({ target, protocol }) => containerPortText(target, protocol));
  return names.length === 0 ? [] : [`${name}: shared services cannot call ${names.join(", ")} of it`];
}

function isOrAre(list: readonly unknown[]): string {
  return list.length === 1 ? "is" : "are";
}
