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
  const { Id: id, Config: config, HostConfig: host } = description;
  const { Hostname: hostname, ...others } = config;
  const endpoints = Object.entries(description.NetworkSettings.Networks).map(
    ([name, endpoint]) => [name, endpointRequest(endpoint, id)] as const,
  );
  const first = endpoints.find(([name]) => name === host.NetworkMode) ?? endpoints[0];
  const isChosen = hostname === "" || hostname === shortId(id); // by the engine
  return {
    body: {
      ...others,
      Image: image,
      ...(!isChosen && { Hostname: hostname }),
      HostConfig: { ...withNewIds(host, ids), Binds: bindsOf(description) },
      NetworkingConfig: { EndpointsConfig: first === undefined ? {} : Object.fromEntries([first]) },
    },
    further: Object.fromEntries(endpoints.filter((one) => one !== first)),
  };
}

/** The engine's own request for a container's place in a network, without what the engine chose itself. */
export function endpointRequest(
  { Aliases, IPAMConfig, Links, DriverOpts }: Endpoint,
  id: string,
): Record<string, unknown> {
  const aliases = (Aliases ?? []).filter((alias) => alias !== shortId(id));
  return {
    Aliases: aliases,
    ...(IPAMConfig !== null && IPAMConfig !== undefined && { IPAMConfig }),
    ...(Links !== null && Links !== undefined && { Links }),
    ...(DriverOpts !== null && DriverOpts !== undefined && { DriverOpts }),
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

/** What a container shares with another one is named by that one's id, as in `container:<id>`. */
function withNewIds(host: ContainerDescription["HostConfig"], ids: ReadonlyMap<string, string>) {
  const fields = Object.entries(host).map(([name, value]): [string, unknown] => {
    if (typeof value !== "string") return [name, value];
    const shared = /^container:(.*)$/.exec(value)?.[1];
    return [name, shared === undefined ? value : `container:${ids.get(shared) ?? shared}`];
  });
  return Object.fromEntries(fields);
}

/** Its mounts, and the volumes that only it had, which the engine would make empty. */
function bindsOf({ HostConfig: { Binds: binds }, Mounts: mounts }: ContainerDescription): string[] {
  const given = binds ?? [];
  const own = mounts.flatMap(({ Type: type, Name: name = "", Destination: target, RW: writable }) => {
    if (type !== "volume" || !isAnonymousVolume(name)) return [];
    return given.some((bind) => bind.startsWith(`${name}:`)) ? [] : [`${name}:${target}${writable ? "" : ":ro"}`];
  });
  return [...given, ...own];
}
