import type { Problem } from "../../problem.ts";
import { parseIpRange, rangesOverlap, type IpRange } from "../../ip-range.ts";
import { freeSubnet, parseSubnet, subnetAround, type Subnet } from "../../subnet.ts";
import { makesWay, type Claim } from "../claim.ts";
import type { ClaimFact, NetworkFact, Observation } from "../observation.ts";

/** The facts of a server about addresses that somebody uses. */
type UsedAddresses = Pick<Observation, "claims" | "networks" | "routes">;

/** Addresses that somebody uses, with who that is in words. */
interface Used {
  readonly text: string;
  readonly range: IpRange;
  readonly by: string;
}

/** Requires that no network of somebody else has the name of one of the stack's, and that named subnets are free. */
export function ensureNetworksAreFree(claim: Claim, server: UsedAddresses): Problem[] {
  const claimed = server.claims.filter(({ stack }) => stack !== claim.stack).flatMap(({ networks }) => networks);
  const there = { ...server, networks: server.networks.filter((network) => !networkMakesWay(claim, network)) };
  const foreign = there.networks.filter(({ name, stack }) => {
    return stack !== claim.stack && Object.hasOwn(claim.networks, name) && !claimed.includes(name);
  });
  const used = usedAddresses(claim.stack, there);
  return [
    ...foreign.map(({ name }) => ({
      path: "project",
      what: `'${name}' is a network on this server that slipway did not make for this stack`,
      todo: "choose another, or remove the network if nothing uses it",
    })),
    ...Object.entries(claim.subnets).flatMap(([text, network]) =>
      subnetProblems(text, network, [...used, ...ownAddresses(network, claim, server)]),
    ),
  ];
}

/** A network of the project that the stack takes over goes with its containers, unless others are in it (X1). */
function networkMakesWay(claim: Claim, { project, stack, guests }: NetworkFact): boolean {
  return stack === "" && makesWay(claim, project) && guests.length === 0;
}

function subnetProblems(text: string, network: string, used: readonly Used[]): Problem[] {
  const range = parseIpRange(text);
  const other = range && used.find((one) => rangesOverlap(one.range, range));
  if (other === undefined) return [];
  const what = `overlaps '${other.text}' ${other.by}, got '${text}'`;
  const todo = "set it to a subnet that nothing on this server uses; fixed addresses keep their places in it";
  return [{ path: `networks.${network}.subnet`, what, todo }];
}

/** Everything that is used on a server, but what the stack itself has there. */
function usedAddresses(stack: string, { claims, networks, routes }: UsedAddresses): Used[] {
  const foreign = networks.filter((network) => network.stack !== stack);
  const known = new Set(networks.flatMap(({ subnets }) => subnets));
  const texts = [
    ...claims.filter((claim) => claim.stack !== stack).flatMap(claimedSubnets),
    ...foreign.flatMap(({ name, subnets }) => subnets.map((text) => ({ text, by: `of Docker's network '${name}'` }))),
    ...routes
      .filter(({ subnet }) => !known.has(subnet))
      .map(({ subnet, device }) => ({ text: subnet, by: `to which the server has a route by '${device}'` })),
  ];
  return withRanges(texts);
}

/** What the stack's other networks have, but those that are made again first, since they get named subnets. */
function ownAddresses(key: string, { stack, networks: keys, subnets }: Claim, { networks }: UsedAddresses): Used[] {
  const others = networks.filter((network) => network.stack === stack && keys[network.name] !== key);
  const texts = others.flatMap(({ name, subnets: theirs }) => {
    const own = keys[name];
    if (own !== undefined && Object.values(subnets).includes(own)) return [];
    const stays = own === undefined ? ", which stays until no container is in it" : "";
    return theirs.map((text) => ({ text, by: `of the stack's own network '${name}'${stays}` }));
  });
  return withRanges(texts);
}

function withRanges(texts: readonly Pick<Used, "text" | "by">[]): Used[] {
  return texts.flatMap(({ text, by }) => {
    const range = parseIpRange(text);
    return range === undefined ? [] : [{ text, range, by }];
  });
}

function claimedSubnets({ stack, subnets }: ClaimFact): Pick<Used, "text" | "by">[] {
  return subnets.map((text) => ({ text, by: `of stack '${stack}' on this server` }));
}

/** What the networks of a stack need on a server. */
export interface NetworkNeeds {
  /** The networks that others have made, by name on the server, with their names in the file. */
  readonly external: Readonly<Record<string, string>>;
  /** By name: the bits of each subnet that the server chooses. */
  readonly chosen: Readonly<Record<string, number>>;
  readonly range: string;
}

/** Requires that the networks of others are there, and that the server can choose all subnets that it has to. */
export function ensureNetworksCanBe(stack: string, needs: NetworkNeeds, server: UsedAddresses): Problem[] {
  const { external, chosen, range } = needs;
  const there = new Set(server.networks.map(({ name }) => name));
  const missing = Object.entries(external).filter(([name]) => !there.has(name));
  const taken = [
    ...usedAddresses(stack, server).flatMap(({ text }) => subnetAround(text) ?? []),
    ...ownSubnets(stack, server),
  ];
  const wanted = Object.entries(chosen).filter(([name]) => !there.has(name));
  const short = wanted.filter(([, prefix]) => {
    const whole = parseSubnet(range);
    const free = whole && freeSubnet(whole, prefix, taken);
    if (free !== undefined) taken.push(free);
    return free === undefined;
  });
  return [
    ...missing.map(([name, key]) => ({
      path: `compose.networks.${key}`,
      what: `is external, and the server has no network of that name, got '${name}'`,
      todo: `start what makes it, or make it with \`docker network create ${name}\``,
    })),
    ...(short.length === 0
      ? []
      : [
          {
            path: "networks.range",
            what: `has no free subnet on the server for ${short.length} of ${wanted.length} networks, got '${range}'`,
            todo: "set a larger range, or one that nothing on the server uses",
          },
        ]),
  ];
}

function ownSubnets(stack: string, { networks }: UsedAddresses): Subnet[] {
  const own = networks.filter((network) => network.stack === stack).flatMap(({ subnets }) => subnets);
  return own.flatMap((text) => subnetAround(text) ?? []);
}
