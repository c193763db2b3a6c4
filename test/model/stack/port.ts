import type { HostEnd, ServicePort } from "../../../model/compose/application.ts";
import { portSettings } from "../../../config/schema/ports.ts";
import type { PortSettings } from "../../../model/stack/deployment.ts";

/** A TCP port that a compose file publishes, with what it says of the server's end. */
export function tcp(target: number, host: Partial<HostEnd> = {}): ServicePort {
  const nothing = { address: undefined, ports: undefined, variable: undefined, sameVariable: false };
  return {
    target: { first: target, last: target },
    protocol: "tcp",
    host: { ...nothing, ...host },
    speaks: undefined,
  };
}

/** The same of UDP. */
export function udp(target: number, host: Partial<HostEnd> = {}): ServicePort {
  return { ...tcp(target, host), protocol: "udp" };
}

/** A range of ports. */
export function range(first: number, last: number, port: ServicePort = tcp(first)): ServicePort {
  return { ...port, target: { first, last } };
}

/** The settings of a service that is published at one port of the server. */
export function at(port: number, address = "127.0.0.1"): PortSettings {
  return { only: [{ first: port, last: port, address }] };
}

/** The settings of several ports, as configuration has them. */
export function mapped(ports: Readonly<Record<string, unknown>>): PortSettings {
  return portSettings.parse(ports);
}
