import { isAnonymousVolume, shortId } from "../docker/container.ts";
import type { ContainerDescription, Endpoint, NetworkDescription } from "../docker/descriptions.ts";
import type { NetworkSpec } from "../docker/engine.ts";

/** The engine's own request for a container, and the networks that it joins once it is created. */
interface Recreation {
  readonly body: Readonly<Record<string, unknown>>;
  /** By name; engines before 25 take only one network with the request itself. */
  readonly further: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface RecreationFacts {
  /** The reference of its image, or its id where the reference is another image by now. */
  readonly image: string;
  /** By the old id of each container that was recreated: its new id. */
  readonly ids: ReadonlyMap<string, string>;
}

/** What recreates a container as it was: image, command, environment, mounts, ports, networks, names. */
export function recreationOf(description: ContainerDescription, { image, ids }: RecreationFacts): Recreation {
  const { Id: id, HostConfig: host } = description;
  const endpoints = Object.entries(description.NetworkSettings.Networks).map(
    ([name, endpoint]) => [name, endpointRequest(endpoint, id)] as const,
  );
  const first = endpoints.find(([name]) => name === host.NetworkMode) ?? endpoints[0];
  return {
    body: {
      ...configOf(description),
      Image: image,
      HostConfig: { ...withNewIds(host, ids), ...mountsOf(description) },
      NetworkingConfig: { EndpointsConfig: first === undefined ? {} : Object.fromEntries([first]) },
    },
    further: Object.fromEntries(endpoints.filter((one) => one !== first)),
  };
}

/** Its settings but those that the engine chose, and those of the container whose network it shares. */
function configOf({ Id: id, Config: config, HostConfig: host }: ContainerDescription): Record<string, unknown> {
  const { Hostname: hostname, ExposedPorts: exposed, ...others } = config;
  const shares = sharedContainer(host.NetworkMode) !== undefined;
  const isChosen = hostname === "" || hostname === shortId(id);
  return {
    ...others,
    ...(!isChosen && !shares && host.UTSMode !== "host" && { Hostname: hostname }),
    ...(!shares && exposed !== undefined && { ExposedPorts: exposed }),
  };
}

/** The engine's own request for a container's place in a network, without what the engine chose itself. */
export function endpointRequest(endpoint: Endpoint, id: string): Record<string, unknown> {
  const { Aliases, IPAMConfig, Links, DriverOpts, GwPriority } = endpoint;
  const aliases = (Aliases ?? []).filter((alias) => alias !== shortId(id));
  return {
    Aliases: aliases,
    ...(IPAMConfig !== null && IPAMConfig !== undefined && { IPAMConfig }),
    ...(Links !== null && Links !== undefined && { Links }),
    ...(DriverOpts !== null && DriverOpts !== undefined && { DriverOpts }),
    ...(GwPriority !== null && GwPriority !== undefined && { GwPriority }),
  };
}

/** The engine's own request for the same network. */
export function networkRequest(description: NetworkDescription): NetworkSpec {
  const { Name, Driver, Internal, Attachable, EnableIPv4, EnableIPv6, IPAM, Options, Labels } = description;
  return {
    ...{ Name, CheckDuplicate: true, Driver, Internal, Attachable, EnableIPv6, IPAM },
    ...(EnableIPv4 === false && { EnableIPv4 }),
    Options: Options ?? {},
    Labels: Labels ?? {},
  };
}

/** The ids of the containers whose network, processes or memory a container shares. */
export function sharedContainers(host: Readonly<Record<string, unknown>>): string[] {
  return Object.values(host).flatMap((value) => (typeof value === "string" ? (sharedContainer(value) ?? []) : []));
}

/** What a container shares with another one is named by that one's id, as in `container:<id>`. */
function sharedContainer(mode: string): string | undefined {
  return /^container:(.*)$/.exec(mode)?.[1];
}

function withNewIds(host: ContainerDescription["HostConfig"], ids: ReadonlyMap<string, string>) {
  const fields = Object.entries(host).map(([name, value]): [string, unknown] => {
    const shared = typeof value === "string" ? sharedContainer(value) : undefined;
    return [name, shared === undefined ? value : `container:${ids.get(shared) ?? shared}`];
  });
  const from = host.VolumesFrom?.map((text) => {
    const [id = "", ...mode] = text.split(":");
    return [ids.get(id) ?? id, ...mode].join(":");
  });
  return { ...Object.fromEntries(fields), ...(from !== undefined && { VolumesFrom: from }) };
}

/** Its mounts, and the volumes that only it had, which the engine would make empty. */
function mountsOf({ HostConfig: { Binds: binds, Mounts: long }, Mounts: mounts }: ContainerDescription) {
  const given = binds ?? [];
  const own = mounts.flatMap(({ Type: type, Name: name = "", Destination: target, RW: writable }) => {
    if (type !== "volume" || !isAnonymousVolume(name) || given.some((bind) => bind.startsWith(`${name}:`))) return [];
    return { name, target, writable };
  });
  const names = new Map(own.map(({ target, name }) => [target, name]));
  const further = own.filter(({ target }) => !long?.some((mount) => mount.Target === target));
  return {
    Binds: [...given, ...further.map(({ name, target, writable }) => `${name}:${target}${writable ? "" : ":ro"}`)],
    ...(long && { Mounts: long.map((mount) => ({ ...mount, ...sourceOf(names.get(mount.Target)) })) }),
  };
}

function sourceOf(volume: string | undefined): Record<string, string> {
  return volume === undefined ? {} : { Source: volume };
}
