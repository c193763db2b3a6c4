import type { ServicePort } from "./application.ts";
import type { NormalEntry } from "./normal-service.ts";
import { resolveText, type ReaderContext } from "./context.ts";
import { mentionsOf, parseTemplate } from "./template.ts";
import { isMap, textOf, type Json } from "../json.ts";

/** One entry of `ports`, before its variables are filled in. */
interface PortText {
  readonly address: string;
  readonly published: string;
  readonly target: string;
  /** Empty if it is not written. */
  readonly protocol: string;
}

/** The ports that a service publishes. The host ports in the compose file do not count: the stack decides them. */
export function readPorts(context: ReaderContext, entries: readonly NormalEntry[]): ServicePort[] {
  const ports = entries.flatMap((entry) => readPort(context, entry));
  return [...new Map(ports.map((port) => [JSON.stringify(port), port])).values()];
}

function readPort(context: ReaderContext, entry: NormalEntry): ServicePort[] {
  const written = portText(entry.value);
  const filled = resolveText(context, shortForm({ ...written, address: "", published: "" }), entry.place, "ports");
  if (filled === undefined) return [];
  // A variable may hold the host port and more.
  const { target, published, protocol: name } = portText(filled);
  const protocol = name === "" ? "tcp" : name;
  const targets = portRange(target);
  const host = published === "" ? written.published : published;
  if ((protocol !== "tcp" && protocol !== "udp") || targets === undefined || !fits(host, targets)) {
    const what = `ports has no port that Compose can publish, got '${textOf(entry.value) ?? shortForm(written)}'`;
    const todo = "write HOST:CONTAINER with numbers from 1 to 65535, or with two ranges of the same length";
    context.problems.push({ path: entry.place, what, todo });
    return [];
  }
  const variable = published === "" && targets.length === 1 ? variableOf(written.published) : undefined;
  return targets.map((number) => ({ target: number, protocol, variable }));
}

/**
 * Tells whether a range of host ports has one for each port in the container, or is for the only one. The stack may set
 * those that a variable holds.
 */
function fits(published: string, targets: readonly number[]): boolean {
  if (published.includes("$")) return true;
  const count = published === "" ? targets.length : portRange(published)?.length;
  return targets.length === 1 ? count !== undefined : count === targets.length;
}

/** The ports of `80` or `80-82`; undefined for what is neither. */
export function portRange(text: string): readonly number[] | undefined {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (!(from >= 1 && from <= to && to <= 65_535)) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Splits `[[address:]published:]target[/protocol]`; a colon inside of `${…}` belongs to the variable. */
function portText(value: Json): PortText {
  if (isMap(value)) {
    return {
      address: textOf(value["host_ip"]) ?? "",
      published: textOf(value["published"]) ?? "",
      target: textOf(value["target"]) ?? "",
      protocol: textOf(value["protocol"]) ?? "",
    };
  }
  const [, whole = "", protocol = ""] = /^(.*?)(?:\/([a-z]+))?$/s.exec(textOf(value) ?? "") ?? [];
  const parts = splitOutside(whole);
  const address = parts.slice(0, -2).join(":");
  return { address, published: parts.at(-2) ?? "", target: parts.at(-1) ?? "", protocol };
}

/** An entry in the short form. */
function shortForm({ address, published, target, protocol }: PortText): string {
  const host = address === "" ? published : `${address}:${published}`;
  return `${host === "" ? "" : `${host}:`}${target}${protocol === "" ? "" : `/${protocol}`}`;
}

/** The key of an entry: of those with the same one, Compose keeps the last one. */
export function portKey(value: Json): string {
  const { address, protocol, ...port } = portText(value);
  return shortForm({
    ...port,
    address: address === "" ? "0.0.0.0" : address,
    protocol: protocol === "" ? "tcp" : protocol,
  });
}

function splitOutside(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "{" || letter === "[") depth += 1;
    if (letter === "}" || letter === "]") depth -= 1;
    if (letter === ":" && depth === 0) parts.push("");
    else parts.push((parts.pop() ?? "") + letter);
  }
  return parts;
}

/** The variable that alone is a host port. */
function variableOf(published: string): string | undefined {
  const [only, ...more] = parseTemplate(published) ?? [];
  return more.length === 0 && only !== undefined && typeof only !== "string" ? mentionsOf([only])[0]?.name : undefined;
}
