import { isMap, textOf, type Json } from "../json.ts";
import { countOf, readPortRange } from "../port-range.ts";
import { readAddress } from "../server-port.ts";
import type { HostEnd, ServicePort } from "./application.ts";
import { knownText, resolveText, type ReaderContext } from "./context.ts";
import type { NormalEntry } from "./normal-service.ts";
import { portText, shortForm, type PortText } from "./port/text.ts";
import { mentionsOf, parseTemplate } from "./template.ts";

/** The ports that a service publishes. The stack decides the ports of the server; an address of the file counts. */
export function readPorts(context: ReaderContext, service: string, entries: readonly NormalEntry[]): ServicePort[] {
  const ports = entries.flatMap((entry) => {
    noteUnused(context, service, entry.value);
    return readPort(context, entry);
  });
  return [...new Map(ports.map((port) => [JSON.stringify(port), port])).values()];
}

function readPort(context: ReaderContext, entry: NormalEntry): ServicePort[] {
  const written = portText(entry.value);
  const field = { place: entry.place, name: "ports" };
  const filled = resolveText(context, shortForm({ ...written, published: "" }), field);
  if (filled === undefined) return [];
  const found = portText(filled);
  const protocol = found.protocol === "" ? "tcp" : found.protocol;
  const target = readPortRange(found.target);
  const host = hostEnd(context, written, found);
  if ((protocol !== "tcp" && protocol !== "udp") || target === undefined || host === undefined) {
    return refused(context, entry, written);
  }
  // Of several host ports for one port of the container, Docker takes a free one.
  const fits = host.ports === undefined || countOf(target) === 1 || countOf(host.ports) === countOf(target);
  if (!fits) return refused(context, entry, written);
  return [{ target, protocol, host, speaks: spokenOver(context, entry) }];
}

function refused(context: ReaderContext, entry: NormalEntry, written: PortText): ServicePort[] {
  const what = `ports has no port that Compose can publish, got '${textOf(entry.value) ?? shortForm(written)}'`;
  const todo = "write HOST:CONTAINER with numbers from 1 to 65535, or with two ranges of the same length";
  context.problems.push({ path: entry.place, what, todo });
  return [];
}

/** The server's end of an entry; undefined if Compose could not read it. */
function hostEnd(context: ReaderContext, written: PortText, found: PortText): HostEnd | undefined {
  const isVariable = found.published === "";
  const variable = isVariable ? variableOf(written.published) : undefined;
  // A variable in the place of the port may hold an address as well.
  const text = isVariable ? (knownText(context, written.published) ?? "") : found.published;
  const [, before = "", port = text] = /^(.*):([\d-]*)$/s.exec(text) ?? [];
  // In `127.0.0.1:${X:-80:81}` the variable holds both ports.
  const first = isVariable ? before : (knownText(context, written.published) ?? "");
  const [address, ports] = [found.address || first, readPortRange(port)];
  const known = readAddress(address);
  const unreadable = (address !== "" && known === undefined) || (port !== "" && ports === undefined);
  if (unreadable) return undefined;
  const sameVariable = variable !== undefined && variable === variableOf(written.target);
  return { address: known, ports, variable, sameVariable };
}

/** The variable that alone is a port, with or without a default. */
function variableOf(text: string): string | undefined {
  const [only, ...more] = parseTemplate(text) ?? [];
  if (more.length > 0 || only === undefined || typeof only === "string" || only.operator.endsWith("+")) {
    return undefined;
  }
  return mentionsOf([only])[0]?.name;
}

function spokenOver(context: ReaderContext, { value, place }: NormalEntry): string | undefined {
  const text = isMap(value) ? textOf(value["app_protocol"]) : undefined;
  return text === undefined ? undefined : resolveText(context, text, { place, name: "ports" });
}

/** Fields of a port that mean something to Swarm, or to nobody. */
function noteUnused(context: ReaderContext, service: string, value: Json): void {
  if (!isMap(value)) return;
  const names = ["name", "mode"].filter((key) => value[key] !== undefined && value[key] !== "ingress");
  if (names.length === 0) return;
  const are = names.length > 1 ? "are" : "is";
  const note = `${service}: ${names.join(" and ")} of a port ${are} not used; Docker alone publishes it`;
  if (!context.notes.includes(note)) context.notes.push(note);
}
