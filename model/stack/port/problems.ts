import type { ServicePort } from "../../compose/application.ts";
import { containerPortText, countOf, portRangeText, portsIn, type PortRange } from "../../port-range.ts";
import type { Problem } from "../../problem.ts";
import type { ServerPort } from "../../server-port.ts";
import type { HostPort, MappedPort, PortSettings } from "../deployment.ts";
import { publishedTargets, type PublishingService } from "./container-ports.ts";
import { mappingOf, publicationsOf } from "./publication.ts";
import { hostPortText, needsAddress, suggestedMap, suggestedPlaces, takenPorts } from "./suggestion.ts";

/** Every problem of the ports that one service publishes. The advice leads to none that is `taken` on the server. */
export function publicationProblems(
  service: PublishingService,
  settings: PortSettings | undefined,
  taken: readonly ServerPort[],
): Problem[] {
  const { mapped, ambiguous } = mappingOf(service, settings);
  if (ambiguous) return [ambiguousPlace({ service, settings, taken })];
  const missing = publishedTargets(service.compose.ports).filter((port) => !isMapped(port, mapped));
  return [
    ...(missing.length > 0 ? [missingPorts({ service, settings, taken }, missing)] : []),
    ...mapped.flatMap((one) => [...sizeProblems(service, one), ...variableProblems(service, one)]),
    ...addressProblems(service, settings),
  ];
}

/** A service whose ports have a problem. */
interface Publishing {
  readonly service: PublishingService;
  readonly settings: PortSettings | undefined;
  readonly taken: readonly ServerPort[];
}

/** One place for several ports, or for a port that is not known. */
function ambiguousPlace(publishing: Publishing): Problem {
  const { service, settings } = publishing;
  const path = `ports.${service.name}`;
  const got = placesText(settings);
  if (publishedTargets(service.compose.ports).length === 0) {
    const what = `is the place of one port, and the compose file publishes none for it, got ${got}`;
    return { path, what, todo: "say which port it is, such as { 8080: 18080 }" };
  }
  const what = `is the place of one port, and the compose file publishes ${namesOf(service.compose.ports)}, got ${got}`;
  return { path, what, todo: mapAdvice(publishing) };
}

function missingPorts(publishing: Publishing, missing: readonly Pick<ServicePort, "target" | "protocol">[]): Problem {
  const { service, settings, taken } = publishing;
  const path = `ports.${service.name}`;
  const [first, ...more] = missing;
  if (settings !== undefined || first === undefined || more.length > 0) {
    const what = settings === undefined ? "is missing, and the compose file publishes" : "leaves out";
    const rest = settings === undefined ? "" : ", which the compose file publishes";
    return { path, what: `${what} ${namesOf(missing)}${rest}`, todo: mapAdvice(publishing) };
  }
  const what = `is missing, and the compose file publishes ${namesOf(missing)}`;
  const place = suggestedPlaces(service, first, taken);
  const free = place === "none" ? "a port of the server" : `${place} for a port of the server`;
  const port = `${free}${whyAnother(publishing)}`;
  const todo = `write ${port}, or none if only this stack calls it`;
  return { path, what, todo };
}

function mapAdvice(publishing: Publishing): string {
  const { service, settings, taken } = publishing;
  const map = suggestedMap(service, settings, taken);
  const isGuarded = /"127\.0\.0\.1:(80|443)"/.test(map);
  const others = isGuarded ? ", and 0.0.0.0 for 127.0.0.1 to open a port to others" : "";
  return `write ${map}${whyAnother(publishing)}, with none for each port that only this stack calls${others}`;
}

/** Why the advice has other ports than the compose file. */
function whyAnother({ service, taken }: Publishing): string {
  const ports = takenPorts(service, taken);
  return ports.length === 0 ? "" : `, since ${ports.join(" and ")} is taken there`;
}

function isMapped({ target, protocol }: Pick<ServicePort, "target" | "protocol">, mapped: readonly MappedPort[]) {
  const own = mapped.filter((one) => one.protocol === protocol);
  if (own.some((one) => one.first <= target.first && target.last <= one.last)) return true;
  return portsIn(target).every((port) => own.some((one) => one.first <= port && port <= one.last));
}

function sizeProblems({ name }: PublishingService, mapped: MappedPort): Problem[] {
  const { at, protocol, ...range } = mapped;
  if (at === "none") return [];
  const key = containerPortText(range, protocol);
  return at
    .filter((place) => countOf(place) !== countOf(mapped))
    .map((place) => {
      const [ports, containers] = [countOf(place), countOf(mapped)].map((count) => counted(count));
      const what = `has ${ports} of the server for ${containers} of the container, got ${got(place)}`;
      const last = place.first + countOf(mapped) - 1;
      return {
        path: `ports.${name}.${key}`,
        what,
        todo: `write as many, such as ${portRangeText({ ...place, last })}`,
      };
    });
}

/** One variable that is both ends of a port cannot hold two numbers. */
function variableProblems({ name, compose }: PublishingService, { at, protocol, ...range }: MappedPort): Problem[] {
  const entry = compose.ports.find(({ target, protocol: its, host }) => {
    return host.sameVariable && its === protocol && target.first === range.first;
  });
  const [place] = at === "none" ? [] : at;
  if (entry === undefined || place === undefined || place.first === range.first) return [];
  const what =
    `is ${hostPortText(place)} on the server and ${portRangeText(range)} in the container, and the compose file has ` +
    `${entry.host.variable ?? "one variable"} for both`;
  const same = { ...place, last: place.first + countOf(range) - 1 };
  const todo = `write ${containerPortText({ first: same.first, last: same.last }, protocol)}: ${hostPortText(same)}`;
  return [{ path: `ports.${name}.${containerPortText(range, protocol)}`, what, todo }];
}

/** The ports of public web servers are open to everybody or to nobody only where somebody says so. */
function addressProblems(service: PublishingService, settings: PortSettings | undefined): Problem[] {
  const { name } = service;
  const isMap = settings !== undefined && "mapped" in settings;
  return (
    publicationsOf(service, settings)
      .filter((place) => place.addressless && needsAddress(place))
      // UDP of a release service has a problem of its own.
      .filter(({ protocol }) => service.part !== "release" || protocol === "tcp")
      .map(({ container, protocol, first, last }) => {
        const range: PortRange = { first, last };
        const path = isMap ? `ports.${name}.${containerPortText(container, protocol)}` : `ports.${name}`;
        const what = `has no address, and ports 80 and 443 need one, got '${portRangeText(range)}'`;
        const [everybody, itself] = ["0.0.0.0", "127.0.0.1"].map((address) => hostPortText({ ...range, address }));
        return {
          path,
          what,
          todo: `write ${everybody} to open it to others, or ${itself} for the server itself alone`,
        };
      })
  );
}

function namesOf(ports: readonly Pick<ServicePort, "target" | "protocol">[]): string {
  const names = publishedTargetNames(ports);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}

function publishedTargetNames(ports: readonly Pick<ServicePort, "target" | "protocol">[]): string[] {
  return [...new Set(ports.map(({ target, protocol }) => containerPortText(target, protocol)))];
}

function placesText(settings: PortSettings | undefined): string {
  if (settings === undefined || !("only" in settings)) return "a map";
  const { only } = settings;
  return only === "none" ? "'none'" : only.map(got).join(", ");
}

/** A place as messages quote it. */
function got(place: HostPort): string {
  return `'${hostPortText(place).replaceAll('"', "")}'`;
}

function counted(count: number): string {
  return count === 1 ? "1 port" : `${count} ports`;
}
