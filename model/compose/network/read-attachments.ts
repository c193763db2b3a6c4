import { isList, listOf, mapOf, textOf, type Json, type JsonMap } from "../../json.ts";
import { resolveText, type ReaderContext } from "../context.ts";
import type { NormalService } from "../normal-service.ts";
import type { NetworkMode, NetworkAttachment } from "./network.ts";

/** Everything that a service says of its networks. */
export interface ServiceNetworks {
  /** Empty where it has a `network_mode` instead. */
  readonly networks: Readonly<Record<string, NetworkAttachment>>;
  readonly networkMode?: NetworkMode;
  readonly containerName?: string;
  readonly hostname?: string;
}

/** A name that the engine's DNS can have. */
const hostName = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;

/** Reads in which networks a service is, and under which names. */
export function readServiceNetworks(context: ReaderContext, name: string, service: NormalService): ServiceNetworks {
  const mode = readMode(context, name, service);
  const networks = mode === undefined ? readAttachments(context, name, service) : {};
  const containerName = readName(context, { service, name, keys: ["container_name"] });
  const hostname = readName(context, { service, name, keys: ["hostname"] });
  return {
    networks,
    ...(mode !== undefined && { networkMode: mode }),
    ...(containerName !== undefined && { containerName }),
    ...(hostname !== undefined && { hostname }),
  };
}

function readAttachments(
  context: ReaderContext,
  name: string,
  service: NormalService,
): Readonly<Record<string, NetworkAttachment>> {
  const written = mapOf(service.fields["networks"]);
  if (Object.keys(written).length === 0) return { default: { aliases: [], fields: {} } };
  const attachments = Object.entries(written).map(([network, value]): [string, NetworkAttachment] => {
    const { aliases, ...fields } = mapOf(value);
    const names = listOf(aliases).flatMap((alias, index) => {
      const keys = ["networks", network, "aliases", String(index)];
      return readName(context, { service, name, keys, text: textOf(alias) ?? "" }) ?? [];
    });
    return [network, { aliases: names, fields: filledFields(context, service, network, fields) }];
  });
  return Object.fromEntries(attachments);
}

function filledFields(context: ReaderContext, service: NormalService, network: string, fields: JsonMap): JsonMap {
  const fill = (value: Json, key: string): Json => {
    if (typeof value === "string") {
      const place = service.place("networks", network, key);
      return resolveText(context, value, { place, name: `networks.${network}.${key}` }) ?? "";
    }
    if (typeof value !== "object" || value === null) return value;
    if (isList(value)) return value.map((one: Json) => fill(one, key));
    return Object.fromEntries(Object.entries(value).map(([name, one]: [string, Json]) => [name, fill(one, key)]));
  };
  const entries = Object.entries(fields).filter(([key, value]) => value !== null && !key.startsWith("x-"));
  return Object.fromEntries(entries.map(([key, value]) => [key, fill(value, key)]));
}

/** A name of a service, filled in. */
function readName(
  context: ReaderContext,
  at: { service: NormalService; name: string; keys: readonly string[]; text?: string },
): string | undefined {
  const { service, name, keys } = at;
  const written = at.text ?? textOf(service.fields[keys[0] ?? ""]);
  const place = service.place(...keys);
  const filled = written === undefined ? undefined : resolveText(context, written, { place, name: keys.join(".") });
  if (filled === undefined || hostName.test(filled)) return filled;
  const what = `service '${name}' has a name that no other service could call, got '${filled}'`;
  context.problems.push({ path: place, what, todo: "use letters, digits, '.', '_' and '-'" });
  return undefined;
}

function readMode(context: ReaderContext, name: string, service: NormalService): NetworkMode | undefined {
  const written = textOf(service.fields["network_mode"]);
  const place = service.place("network_mode");
  const mode = written === undefined ? undefined : resolveText(context, written, { place, name: "network_mode" });
  if (mode === undefined) return undefined;
  if (mode === "host" || mode === "none" || mode === "bridge") return { kind: mode };
  if (mode === "default") return { kind: "bridge" };
  const [, kind, of = ""] = /^(service|container):(.+)$/s.exec(mode) ?? [];
  if (kind === "service") return { kind, service: of };
  if (kind === "container") return { kind, container: of };
  const what = `service '${name}' has a network_mode that names a network, got '${mode}'`;
  const asExternal = `\`external: true\` and \`name: ${mode}\``;
  const todo = `write it below the service's networks, and below the file's networks with ${asExternal}`;
  context.problems.push({ path: place, what, todo });
  return { kind: "none" };
}
