import type { Network } from "../../compose/network/network.ts";
import { callablePorts } from "../port/container-ports.ts";
import type { ServiceBase } from "../service.ts";
import type { StackNetwork } from "./networks.ts";

/** A network in which shared services call release services: the proxy answers there under their names. */
export interface CallNetwork {
  readonly network: StackNetwork;
  /** The release services behind the proxy. No two of them listen on one port. */
  readonly services: readonly ServiceBase[];
}

/** The services of one network with the end of its name. */
interface Calls {
  readonly end: string;
  readonly services: readonly ServiceBase[];
}

/**
 * The networks for calls beside one network of the file. All its release services share one, but for those that listen
 * on a port of another: each of these has its own, so that the proxy knows by its address there who is called.
 */
export function callNetworks({
  shared,
  released,
}: {
  readonly shared: readonly ServiceBase[];
  readonly released: readonly ServiceBase[];
}): Calls[] {
  if (shared.length === 0) return [];
  const alone = released.filter((service) => released.some((other) => other !== service && sharePort(service, other)));
  const together = released.filter((service) => !alone.includes(service));
  return [
    ...(together.length > 0 ? [{ end: "-calls", services: together }] : []),
    ...alone.map((service) => ({ end: `-calls-${service.name}`, services: [service] })),
  ];
}

/**
 * The release service under whose name the proxy answers in a network that others made, so that their containers find
 * it. Beside another release service there it has no name: that one would meet the proxy, and so perhaps the other
 * colour. It has no other's port, since the proxy's address there is not known beforehand.
 */
export function serviceForOthers(
  { external = false }: Network,
  [only, ...others]: readonly ServiceBase[],
  all: readonly ServiceBase[],
): ServiceBase | undefined {
  if (!external || only === undefined || others.length > 0) return undefined;
  const released = all.filter((service) => service.part === "release" && service !== only);
  return released.some((service) => sharePort(service, only)) ? undefined : only;
}

function sharePort(one: ServiceBase, other: ServiceBase): boolean {
  const theirs = callablePorts(other);
  return callablePorts(one).some((port) => theirs.includes(port));
}
