import type { NamedBridge } from "../facts/network/bridges.ts";
import type { Claim } from "../facts/claim.ts";
import { boundFolder, heldNames, placeElsewhere } from "../data-place.ts";
import type { HostNeeds } from "../facts/rules.ts";
import { containersOf } from "../stack/container-names.ts";
import { serverPortText } from "../server-port.ts";
import { memoryBudget } from "../stack/memory.ts";
import { dataMount } from "../stack/data/volumes.ts";
import { bridgeOf } from "../stack/network/driver-options.ts";
import { platformNeeds, proxyPlatforms } from "./platform-needs.ts";
import { versionNeeds } from "./version-needs.ts";
import type { Stack, StackHost } from "../stack/stack.ts";

/** The claim of a stack on one of its hosts. */
export function claimOf(
  stack: Pick<Stack, "name" | "directory" | "project" | "protected" | "adopt" | "rollout" | "memory">,
  { projects, ports, volumes, networks, services, parts }: StackHost,
): Claim {
  const { directory, project } = stack;
  return {
    stack: stack.name,
    ...{ directory, project, projects },
    containers: containersOf(stack, services),
    ports: Object.fromEntries(ports.map((port) => [serverPortText(port), port.service])),
    volumes: Object.fromEntries(volumes.flatMap((one) => heldNames(one).map((name) => [name, one.service]))),
    ...claimedNetworks(networks),
    adopts: stack.adopt.project,
    memory: memoryBudget(stack, parts),
    protected: stack.protected,
  };
}

/** The networks that the stack makes, and the subnets that its files name. Those of others belong to nobody here. */
function claimedNetworks(networks: StackHost["networks"]): Pick<Claim, "networks" | "subnets"> {
  const own = networks.filter(({ kind }) => kind !== "external");
  const subnets = own.flatMap(({ key, ranges }) => ranges.map(({ subnet }) => [subnet, key] as const));
  return {
    networks: Object.fromEntries(own.map(({ name, key }) => [name, key])),
    subnets: Object.fromEntries(subnets),
  };
}

/** Everything that a stack needs of one of its servers, its claim among it. */
export function hostNeeds(stack: Stack, host: StackHost): HostNeeds {
  const { path, services } = host;
  const volumes = host.volumes.map((volume) => {
    const { making = {} } = volume;
    const owner = services.find(({ name }) => name === volume.service);
    const target = owner && dataMount(owner, volume)?.target;
    return { ...volume, elsewhere: placeElsewhere(making), folder: boundFolder(making), target };
  });
  return {
    ...{ path, claim: claimOf(stack, host), volumes, adopt: stack.adopt },
    networks: neededNetworks(host),
    bridges: namedBridges(host),
    versions: services.flatMap(versionNeeds),
    platforms: platformsIn(stack, host),
  };
}

/** The platforms of all images on a server; the proxy's counts where there is a release. */
function platformsIn({ proxy }: Stack, { services, parts }: StackHost): HostNeeds["platforms"] {
  return [...services.flatMap(platformNeeds), ...(parts.release === undefined ? [] : proxyPlatforms(proxy))];
}

function neededNetworks({ networks, range }: StackHost): HostNeeds["networks"] {
  const external = networks.filter(({ kind }) => kind === "external");
  const chosen = networks.filter(({ kind, ranges }) => kind !== "external" && ranges.length === 0);
  return {
    external: Object.fromEntries(external.map(({ name, key }) => [name, key])),
    chosen: Object.fromEntries(chosen.map(({ name, prefix }) => [name, prefix])),
    range,
  };
}

function namedBridges({ networks }: StackHost): HostNeeds["bridges"] {
  const bridges = networks.flatMap((network): [string, NamedBridge][] => {
    const [bridge, { key, name }] = [bridgeOf(network), network];
    return bridge === undefined ? [] : [[bridge, { key, network: name }]];
  });
  return Object.fromEntries(bridges);
}
