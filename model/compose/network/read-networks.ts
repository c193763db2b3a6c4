import { listOf, mapOf, textOf } from "../../json.ts";
import type { ReaderContext } from "../context.ts";
import type { Definitions } from "../project/definitions.ts";
import { byHand, ResourceReader } from "../resource/resource-reader.ts";
import type { AddressRange, Network } from "./network.ts";

/** The networks that each engine has by itself. */
const engineNetworks = ["host", "none", "bridge"];

/** Reads the networks that services join, by their names in the file. `default` need not be written there. */
export function readNetworks(
  context: ReaderContext,
  project: Definitions,
  joined: ReadonlySet<string>,
): Readonly<Record<string, Network>> {
  for (const name of project.networks.keys()) {
    if (!joined.has(name)) context.notes.push(`networks.${name}: is not made, since no service joins it`);
  }
  const networks = [...joined].sort().map((key): [string, Network] => {
    const resource = project.networks.get(key);
    if (resource === undefined) return [key, {}];
    const reader = new ResourceReader(context, { kind: "networks", key }, resource);
    return [key, reader.isExternal ? externalNetwork(reader, key) : ownNetwork(reader)];
  });
  return Object.fromEntries(networks);
}

/** Compose itself ignores what an external network has besides its name. */
function externalNetwork(reader: ResourceReader, key: string): Network {
  const ignored = reader.keys.filter((one) => !["name", "external"].includes(one) && !/^x-/.test(one));
  if (ignored.length > 0)
    reader.note(`is external, so its maker decides ${ignored.join(" and ")}, and the file does not`);
  const name = reader.name() ?? key;
  checkOwnOfEngine(reader, name);
  return { external: true, name };
}

function ownNetwork(reader: ResourceReader): Network {
  checkDriver(reader);
  const name = reader.name();
  checkOwnOfEngine(reader, name);
  const [options, labels, ranges] = [reader.texts("driver_opts"), reader.texts("labels"), rangesOf(reader)];
  return {
    ...(name !== undefined && { name }),
    ...(reader.isTrue("internal") && { internal: true }),
    ...(reader.isTrue("enable_ipv6") && { ipv6: true }),
    ...(reader.isFalse("enable_ipv4") && { ipv4: false }),
    ...(reader.isTrue("attachable") && { attachable: true }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(ranges.length > 0 && { ranges }),
  };
}

/** The engine gives no names in its own networks, and another place is meant for them. */
function checkOwnOfEngine(reader: ResourceReader, name: string | undefined): void {
  if (name === undefined || !engineNetworks.includes(name)) return;
  const todo = `remove it, and write \`network_mode: ${name}\` in the services that join it`;
  reader.refuse(`is one of the engine's own, got '${name}'`, todo);
}

/** Other drivers need what slipway does not set up: a second server, or an interface of this one. */
function checkDriver(reader: ResourceReader): void {
  const ofFile = reader.text("driver") ?? "bridge";
  if (!["bridge", "default"].includes(ofFile))
    reader.refuse(`has a driver that slipway does not make, got '${ofFile}'`, byHand);
  const { driver, options, config } = reader.map("ipam");
  const ipam = reader.resolve(textOf(driver) ?? "default", "ipam.driver") ?? "default";
  if (ipam !== "default") reader.refuse(`has an ipam.driver that slipway does not use, got '${ipam}'`, byHand);
  if (Object.keys(mapOf(options)).length > 0)
    reader.refuse("has ipam.options, which the default driver ignores", "remove them");
  const others = listOf(config).filter((entry) => textOf(mapOf(entry)["subnet"]) === undefined);
  if (others.length > 0) reader.refuse("has an entry in ipam.config without a subnet", "add its subnet, or remove it");
}

function rangesOf(reader: ResourceReader): AddressRange[] {
  return listOf(reader.map("ipam")["config"]).flatMap((entry) => {
    const filled = mapOf(reader.filled(entry, "ipam.config"));
    const { subnet, gateway, ip_range: dynamic, aux_addresses: reserved } = filled;
    if (typeof subnet !== "string") return [];
    const texts = Object.entries(mapOf(reserved)).map(([name, value]) => [name, textOf(value) ?? ""] as const);
    return [
      {
        subnet,
        ...(typeof gateway === "string" && { gateway }),
        ...(typeof dynamic === "string" && { dynamic }),
        ...(texts.length > 0 && { reserved: Object.fromEntries(texts) }),
      },
    ];
  });
}
