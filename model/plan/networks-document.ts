import { colours } from "../colour.ts";
import type { Document, DocumentMap } from "../document/document.ts";
import { colourPlaceholder } from "../placeholders.ts";
import type { Joins } from "../stack/network/joins.ts";
import type { StackNetwork } from "../stack/network/networks.ts";
import type { StackService } from "../stack/service.ts";

/** The networks of a stack. The server chooses each subnet that is not named out of the range. */
export function networksDocument(networks: readonly StackNetwork[], range: string): Document {
  const entries = networks.map((network) => [network.name, networkMap(network)] as const);
  return { kind: "networks", resource: "networks", body: { range, networks: Object.fromEntries(entries) } };
}

function networkMap(network: StackNetwork): DocumentMap {
  if (network.kind === "external") return { external: "true" };
  return { ...settingsMap(network), ...(network.ranges.length === 0 && { prefix: String(network.prefix) }) };
}

function settingsMap({ internal, settings, ranges }: StackNetwork): DocumentMap {
  const { ipv4 = true, ipv6 = false, attachable = false, options, labels } = settings;
  return {
    ...(internal && { internal: "true" }),
    ...(!ipv4 && { ipv4: "false" }),
    ...(ipv6 && { ipv6: "true" }),
    ...(attachable && { attachable: "true" }),
    ...(options !== undefined && { options }),
    ...(labels !== undefined && { labels }),
    ...(ranges.length > 0 && { ranges: rangeMaps(ranges) }),
  };
}

/** Documents have no lists, so each range has its number. */
function rangeMaps(ranges: StackNetwork["ranges"]): DocumentMap {
  const maps = ranges.map(({ subnet, gateway, dynamic, reserved }, index): [string, DocumentMap] => [
    String(index + 1),
    {
      subnet,
      ...(gateway !== undefined && { gateway }),
      ...(dynamic !== undefined && { dynamic }),
      ...(reserved !== undefined && { reserved }),
    },
  ]);
  return Object.fromEntries(maps);
}

/** The networks of a service. */
type Networked = Pick<StackService, "attachments" | "joins">;

/**
 * The document of a part with what its networks are made from, by name. A network that is made again has no containers,
 * so those who make them must come after it. Most networks are of nothing that can change.
 */
export function withNetworks(
  document: Document,
  networks: readonly StackNetwork[],
  services: readonly Networked[],
): Document {
  const used = services.flatMap(({ attachments, joins }) => [
    ...attachments.map(({ name }) => name),
    ...Object.keys(joins),
  ]);
  const names = new Set(used.flatMap((name) => colours.map((colour) => name.replace(colourPlaceholder, colour))));
  const facts = networks
    .filter(({ name, kind }) => names.has(name) && ["file", "colour"].includes(kind))
    .flatMap((network): [string, string][] => {
      const made = settingsMap(network);
      return Object.keys(made).length === 0 ? [] : [[network.name, JSON.stringify(made)]];
    });
  if (facts.length === 0) return document;
  return { ...document, body: { ...document.body, networks: Object.fromEntries(facts) } };
}

/** By service and network: the further names of its containers there, and whether they have the fixed address. */
export function joinsMap(joins: Readonly<Record<string, Joins>>): DocumentMap {
  const services = Object.entries(joins).filter(([, networks]) => Object.keys(networks).length > 0);
  return Object.fromEntries(
    services.map(([service, networks]) => {
      const joined = Object.entries(networks).map(([network, { aliases, fixed }]): [string, DocumentMap] => [
        network,
        { ...(aliases.length > 0 && { aliases: aliases.join(" ") }), ...(fixed && { fixed: "true" }) },
      ]);
      return [service, Object.fromEntries(joined)];
    }),
  );
}
