import type { ServicePort } from "../../compose/application.ts";
import { countOf, portRangeText, type PortRange } from "../../port-range.ts";
import type { MappedPort, PortSettings, PublishedAt } from "../deployment.ts";
import type { PublishingService } from "./container-ports.ts";
import { mappingOf } from "./publication.ts";

/** A variable by which the compose file publishes a port, with the port of the server that the stack chose. */
export interface PortVariable {
  readonly service: string;
  readonly name: string;
  /** `8080`, or `8080-8090` for a range. */
  readonly value: string;
}

/** The variables that alone are a host port of the service in the compose file, but for those of closed ports. */
export function portVariables(service: PublishingService, settings: PortSettings | undefined): PortVariable[] {
  const { mapped } = mappingOf(service, settings);
  const { ports } = service.compose;
  return ports.flatMap((entry): PortVariable[] => {
    const { variable, sameVariable } = entry.host;
    const isKnown = variable !== undefined && settings !== undefined;
    // The container's port follows the variable as well, so the only place is its place whatever the file's default is.
    const isOnly = sameVariable && settings !== undefined && "only" in settings && mapped.length === 1;
    const place = !isKnown ? undefined : isOnly ? firstPlace(settings.only) : placeFor(entry, ports, mapped);
    if (variable === undefined || place === undefined) return [];
    return [{ service: service.name, name: variable, value: portRangeText(place) }];
  });
}

function firstPlace(at: PublishedAt): PortRange | undefined {
  return at === "none" ? undefined : at[0];
}

/** The place of an entry of the file: of several for one port, the one in the same position. */
function placeFor(entry: ServicePort, ports: readonly ServicePort[], mapped: readonly MappedPort[]) {
  const fixed = ports.filter(({ host }) => !host.sameVariable);
  const open = mapped.filter((one) => !fixed.some((other) => isWithin(other, one)));
  const found = entry.host.sameVariable
    ? open.find((one) => isBothEnds(entry, one))
    : mapped.find((one) => isWithin(entry, one));
  if (found === undefined || found.at === "none") return undefined;
  const same = ports.filter(({ target, protocol }) => {
    return protocol === entry.protocol && portRangeText(target) === portRangeText(entry.target);
  });
  const place = found.at[same.indexOf(entry)] ?? found.at[0];
  return place && withinPlace(entry, found, place);
}

function isWithin({ target, protocol }: ServicePort, one: MappedPort): boolean {
  return one.protocol === protocol && one.first <= target.first && target.last <= one.last;
}

/** A variable for both ends is known only once the stack says the port: until then the file has its default. */
function isBothEnds({ target, protocol }: ServicePort, one: MappedPort): boolean {
  if (one.protocol !== protocol || one.at === "none" || countOf(one) !== countOf(target)) return false;
  return one.at.some(({ first }) => first === one.first);
}

function withinPlace({ target, host }: ServicePort, mapped: MappedPort, place: PortRange): PortRange {
  if (host.sameVariable) return place;
  const first = place.first + target.first - mapped.first;
  return { first, last: first + target.last - target.first };
}
