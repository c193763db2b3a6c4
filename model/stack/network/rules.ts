import type { NetworkMode } from "../../compose/network/network.ts";
import type { Problem } from "../../problem.ts";
import type { ServiceBase } from "../service.ts";
import { namesIn } from "./names.ts";
import { singular } from "./attachments.ts";

interface Services {
  readonly services: readonly ServiceBase[];
}

/** Requires that each service can be in the network that its `network_mode` names, in whatever part it is. */
export function ensureNetworkModesAreShared({ services }: Services): Problem[] {
  return services.flatMap((service) => {
    const { networkMode } = service.compose;
    if (networkMode === undefined || service.part === "migration") return [];
    const refused = refusedMode(service, networkMode, services);
    if (refused === undefined) return [];
    return [{ path: `compose.services.${service.name}.network_mode`, ...refused }];
  });
}

type Refused = Omit<Problem, "path">;

function refusedMode({ name, part, port }: ServiceBase, mode: NetworkMode, all: readonly ServiceBase[]) {
  const isReleased = part === "release";
  const stay = `remove services.${name}.release, so that it stays as it is from release to release`;
  switch (mode.kind) {
    case "service":
      return refusedCarrier(
        { name, isReleased, stay },
        all.find((other) => other.name === mode.service),
      );
    case "container": {
      if (!isReleased) return undefined;
      const what = `puts both colours into the network of one container, got 'container:${mode.container}'`;
      return { what, todo: stay };
    }
    case "host": {
      if (!isReleased) return undefined;
      return { what: "lets both colours of a release listen on the same ports of the server, got 'host'", todo: stay };
    }
    default: {
      if (!isReleased || port === undefined) return undefined;
      const what = `hides port ${port} from the proxy, got '${mode.kind}'`;
      return { what, todo: `remove services.${name}.port if nobody calls it; otherwise ${stay}` };
    }
  }
}

/** A service goes out through the one that carries it, such as a VPN, or not at all. */
function refusedCarrier(
  { name, isReleased, stay }: { readonly name: string; readonly isReleased: boolean; readonly stay: string },
  carrier: ServiceBase | undefined,
): Refused | undefined {
  if (carrier === undefined || (carrier.part === "release") === isReleased) return undefined;
  const got = `got 'service:${carrier.name}'`;
  if (isReleased) return { what: `names a service that stays while colours of this one change, ${got}`, todo: stay };
  const what = `names a service whose containers change with each release, ${got}`;
  return {
    what,
    todo: `mark both or neither of them with services.<service>.release: '${name}' and '${carrier.name}'`,
  };
}

/** Requires that nothing of a release service can be only once in a network: it is there in two colours at a time. */
export function ensureColoursShareNoAddress({ services }: Services): Problem[] {
  return services
    .filter(({ part }) => part === "release")
    .flatMap(({ name, compose }) => {
      const ofNetworks = Object.entries(compose.networks).flatMap(([network, { fields }]) =>
        singular
          .filter((field) => fields[field] !== undefined)
          .map((field) => ({ path: `networks.${network}.${field}`, value: fields[field] })),
      );
      const own = compose.fields["mac_address"];
      const all = own === undefined ? ofNetworks : [...ofNetworks, { path: "mac_address", value: own }];
      return all.map(({ path, value }) => ({
        path: `compose.services.${name}.${path}`,
        what: `would be of both colours of a release at the same time, got ${JSON.stringify(value)}`,
        todo: `remove it and let others call '${name}' by its name, or remove services.${name}.release`,
      }));
    });
}

/** Requires that a name which a service has by the `links` of another part is that of no other service there. */
export function ensureLinksAreClear({ services }: Services): Problem[] {
  return services.flatMap((caller) =>
    Object.entries(caller.compose.links ?? {}).flatMap(([alias, target]) => {
      const linked = services.find(({ name }) => name === target);
      if (linked === undefined || linked.part === caller.part) return [];
      const other = services.find((one) => one !== linked && isCalled(one, alias, linked, services));
      if (other === undefined) return [];
      const what = `gives '${target}' a name that '${other.name}' has in the same network, got '${alias}'`;
      return [{ path: `compose.services.${caller.name}.links`, what, todo: `let it call '${target}' by that name` }];
    }),
  );
}

/** Tells whether a service has a name in a network in which another one is as well. */
export function isCalled(one: ServiceBase, name: string, beside: ServiceBase, all: readonly ServiceBase[]): boolean {
  const common = Object.keys(one.compose.networks).filter((network) => Object.hasOwn(beside.compose.networks, network));
  return common.some((network) => namesIn(network, one, all).includes(name));
}

/** Requires that no two networks of a stack have one name, neither on a server nor in its compose files. */
export function ensureNetworkNamesDiffer({
  networks,
}: {
  readonly networks: readonly { readonly key: string; readonly name: string }[];
}): Problem[] {
  return networks.flatMap(({ key, name }, index) => {
    const earlier = networks.slice(0, index).find((other) => other.name === name || other.key === key);
    if (earlier === undefined) return [];
    const what =
      earlier.name === name
        ? `has the name of '${earlier.key}' on the server, got '${name}'`
        : `is what slipway calls a network of its own in the files of the release, got '${key}'`;
    return [{ path: `compose.networks.${key}`, what, todo: "give the network another name in the compose file" }];
  });
}
