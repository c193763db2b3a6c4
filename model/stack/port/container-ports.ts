import type { ServicePort } from "../../compose/application.ts";
import { portsIn, type PortRange } from "../../port-range.ts";
import { labelledPort } from "../labels/traefik-names.ts";
import type { ServiceBase } from "../service.ts";

/** The facts of a service that decide where it is published. */
export interface PublishingService extends Pick<ServiceBase, "name" | "part"> {
  readonly compose: Pick<ServiceBase["compose"], "ports" | "exposed" | "teamLabels">;
  readonly settings: Pick<ServiceBase["settings"], "port">;
}

/** The ports of containers that the compose file publishes, each once, in the order of the file. */
export function publishedTargets(ports: readonly ServicePort[]): Pick<ServicePort, "target" | "protocol">[] {
  const targets = ports.map(({ target, protocol }) => ({ target, protocol }));
  return [...new Map(targets.map((one) => [JSON.stringify(one), one])).values()];
}

/**
 * The port at which a service answers requests: the stack's, else the only one of TCP in the file, else that
 * of its labels for a team's own Traefik.
 */
export function requestPort({
  compose,
  settings,
}: Pick<PublishingService, "compose" | "settings">): number | undefined {
  const [only, ...more] = tcpRanges(compose.ports);
  const isOne = only !== undefined && more.length === 0 && only.first === only.last;
  return settings.port ?? (isOne ? only.first : labelledPort(compose.teamLabels));
}

/** The ports at which a service answers requests of HTTP; connections to all others are passed on as they are. */
export function httpPorts(service: PublishingService): ReadonlySet<number> {
  const said = tcpRanges(service.compose.ports.filter(({ speaks }) => speaks === "http")).flatMap(portsIn);
  const port = requestPort(service);
  return new Set(port === undefined ? said : [port, ...said]);
}

/** The TCP ports at which other services may call a service, as far as stack and compose file tell, in order. */
export function callablePorts(service: PublishingService): number[] {
  const port = requestPort(service);
  const ranges = [...tcpRanges(service.compose.ports), ...service.compose.exposed];
  const all = new Set([...(port === undefined ? [] : [port]), ...ranges.flatMap(portsIn)]);
  return [...all].sort((a, b) => a - b);
}

function tcpRanges(ports: readonly ServicePort[]): PortRange[] {
  return publishedTargets(ports.filter(({ protocol }) => protocol === "tcp")).map(({ target }) => target);
}
