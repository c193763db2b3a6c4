import type { Body } from "../../model/document/bodies.ts";
import { parseIpRange, type IpRange } from "../../model/ip-range.ts";
import { addressText, sizeOf, subnetAround, subnetText, type Subnet } from "../../model/subnet.ts";
import type { EngineNetwork, NetworkSpec } from "../docker/engine.ts";
import { sumOf } from "../files/read.ts";

/** A network as a document has it. */
export type WantedNetwork = Body<"networks">["networks"][string];

/** The labels that say which stack a network is of, and what it was made from. */
const stackLabel = "slipway.stack";
const madeLabel = "slipway.network";

/** The stack that a network is labelled for, empty if it has no label; undefined where there is no network. */
export function ownerOf(network: EngineNetwork | undefined): string | undefined {
  return network === undefined ? undefined : (network.Labels?.[stackLabel] ?? "");
}

/** The ranges of a network, also those of IPv6. */
export function rangesOf(network: EngineNetwork): IpRange[] {
  return (network.IPAM?.Config ?? []).flatMap(({ Subnet: text }) => parseIpRange(text ?? "") ?? []);
}

/** The IPv4 subnets of a network. */
export function subnetsOf(network: EngineNetwork): Subnet[] {
  return (network.IPAM?.Config ?? []).flatMap(({ Subnet: text }) => subnetAround(text ?? "") ?? []);
}

/** How a network of the stack is not as wanted, in a word; undefined if it is. */
export function difference(
  network: EngineNetwork,
  wanted: WantedNetwork,
  chosen: Subnet | undefined,
): Readonly<Record<"expected" | "found", string>> | undefined {
  const [subnet] = subnetsOf(network);
  if (network.Labels?.[madeLabel] !== sumOfWanted(wanted))
    return { expected: "as its document says", found: "another" };
  if (wanted.prefix === undefined || subnet === undefined) return undefined;
  const [found, size] = [subnetText(subnet), sizeOf({ prefix: wanted.prefix })];
  if (subnet.prefix > wanted.prefix) return { expected: `a subnet of ${size} addresses`, found };
  if (chosen === undefined || subnetText(chosen) === found) return undefined;
  return { expected: subnetText(chosen), found };
}

/** The engine's own request for a network; `chosen` is its subnet where no file names one. */
export function specOf(name: string, wanted: WantedNetwork, stack: string, chosen: Subnet | undefined): NetworkSpec {
  const { internal, ipv4, ipv6, attachable, options, labels } = wanted;
  const config = chosen === undefined ? configOf(wanted) : [chosenConfig(chosen)];
  return {
    Name: name,
    CheckDuplicate: true,
    Driver: "bridge",
    Internal: internal === "true",
    Attachable: attachable === "true",
    ...(ipv4 === "false" && { EnableIPv4: false }),
    ...(ipv6 === "true" && { EnableIPv6: true }),
    ...(options !== undefined && { Options: options }),
    IPAM: { Driver: "default", Config: config },
    Labels: { ...labels, [stackLabel]: stack, [madeLabel]: sumOfWanted(wanted) },
  };
}

function configOf({ ranges = {} }: WantedNetwork): Readonly<Record<string, unknown>>[] {
  return Object.values(ranges).map(({ subnet, gateway, dynamic, reserved }) => ({
    Subnet: subnet,
    ...(gateway !== undefined && { Gateway: gateway }),
    ...(dynamic !== undefined && { IPRange: dynamic }),
    ...(reserved !== undefined && { AuxiliaryAddresses: reserved }),
  }));
}

/** Containers get addresses of the upper half, so that those of the lower one are free for what has a fixed one. */
function chosenConfig(subnet: Subnet): Readonly<Record<string, unknown>> {
  const upper = { first: subnet.first + sizeOf(subnet) / 2, prefix: subnet.prefix + 1 };
  return { Subnet: subnetText(subnet), Gateway: addressText(subnet.first + 1), IPRange: subnetText(upper) };
}

/** The address in a network that slipway chose which no container gets by itself: the proxy's. */
export function fixedAddress(network: EngineNetwork): string | undefined {
  const [subnet] = subnetsOf(network);
  return subnet && addressText(subnet.first + 2);
}

/** The sum of everything that a network is made from but the size of its subnet, which may be larger. */
function sumOfWanted(whole: WantedNetwork): string {
  const wanted = { ...whole, prefix: undefined };
  const sorted = (_key: string, value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return sumOf(JSON.stringify(wanted, sorted)).slice(0, 16);
}
