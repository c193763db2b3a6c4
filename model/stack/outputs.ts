import { containerPortText, portRangeText } from "../port-range.ts";
import { beforePort } from "../server-port.ts";
import type { PublishedPort, StackService } from "./service.ts";
import type { Stack, StackHost } from "./stack.ts";

/** The outputs of a stack that are known before a verb answers. */
export interface StackOutputs {
  readonly project: string;
  readonly directory: string;
  /** By name. */
  readonly hosts: Readonly<Record<string, HostOutputs>>;
}

/** The outputs of one server. */
interface HostOutputs {
  readonly address: string;
  /** By service: its ports of the server, by its own port, such as `8080` or `53/udp`. */
  readonly ports: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** By service: the address at which it answers requests, else that of port 80 or of its first TCP port. */
  readonly urls: Readonly<Record<string, string>>;
  /** By its name in the compose file: the volume, or the path of a data folder. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Digest references by service. */
  readonly images: Readonly<Record<string, string>>;
}

/** The plain outputs of one stack. */
export function outputsOf({ project, directory, hosts }: Stack): StackOutputs {
  const outputs = Object.entries(hosts).map(([name, host]) => [name, hostOutputs(host)] as const);
  return { project, directory, hosts: Object.fromEntries(outputs) };
}

function hostOutputs({ connection, volumes, services }: StackHost): HostOutputs {
  const running = services.filter(({ part }) => part !== "migration");
  return {
    address: connection.host,
    ports: Object.fromEntries(services.flatMap(portOutputs)),
    urls: Object.fromEntries(services.flatMap((service) => urlOutput(service, connection.host))),
    volumes: Object.fromEntries(volumes.map(({ name, volume }) => [name, volume])),
    images: Object.fromEntries(running.map(({ name, image }) => [name, image])),
  };
}

/** The places of each port of a service on the server. */
function portOutputs({ name, published }: StackService): [string, Record<string, readonly string[]>][] {
  if (published.length === 0) return [];
  const byPort = Map.groupBy(published, ({ container, protocol }) => containerPortText(container, protocol));
  const places = Array.from(byPort, ([port, ends]): [string, readonly string[]] => [port, ends.map(placeText)]);
  return [[name, Object.fromEntries(places)]];
}

function urlOutput({ name, port = usualPort, published }: StackService, server: string): [string, string][] {
  const places = published.filter(({ protocol }) => protocol === "tcp");
  const place = places.find(({ container }) => container.first === port) ?? places[0];
  if (place === undefined) return [];
  const address = everywhere.includes(place.address) ? server : place.address;
  return [[name, `http://${beforePort(address)}:${place.first}`]];
}

const usualPort = 80;

/** The addresses that stand for all of a server's. */
const everywhere = ["0.0.0.0", "::"];

function placeText({ address, ...range }: PublishedPort): string {
  return `${beforePort(address)}:${portRangeText(range)}`;
}
