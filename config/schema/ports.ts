import { z } from "zod";
import { isList, isMap } from "../../model/json.ts";
import { overlap, readContainerPort, readPortRange } from "../../model/port-range.ts";
import { readAddress } from "../../model/server-port.ts";
import type { HostPort, MappedPort, PortSettings, PublishedAt } from "../../model/stack/deployment.ts";

// The message of a check has both halves of a problem: what is wrong; what to do.

const place = "a port such as 18080, or an address and a port such as '0.0.0.0:18080'";
const notOne = `is not a host port; write ${place}, or none, or a map with one for each port of the container`;
const notPlaces = `is not a host port; write ${place}, a list of them, or none`;
const notPort =
  "is not a port of a container; write a number, with /udp for UDP, such as 80, 53/udp or 10000-10100/udp";
const twice = "names a port that another key names as well; write each port once";

/** `18080`, `"0.0.0.0:18080"`, `none`, or a map of these by the port of the container. */
export const portSettings = z.unknown().transform((value, context): PortSettings => {
  if (!isMap(value)) {
    const only = isList(value) ? undefined : readPlaces(value);
    if (only !== undefined) return { only };
    context.issues.push({ code: "custom", message: `${notOne}, such as { 80: 18080, 53/udp: 53 }`, input: value });
    return z.NEVER;
  }
  const mapped: MappedPort[] = [];
  for (const [key, entry] of Object.entries(value)) {
    const [port, at] = [readContainerPort(key), readPlaces(entry)];
    const fault =
      port === undefined ? notPort : at === undefined ? notPlaces : isTaken(port, mapped) ? twice : undefined;
    const input = port === undefined ? key : entry;
    if (fault !== undefined) context.issues.push({ code: "custom", path: [key], message: fault, input });
    else if (port !== undefined && at !== undefined) mapped.push({ ...port, at });
  }
  return { mapped };
});

function isTaken(port: Omit<MappedPort, "at">, mapped: readonly MappedPort[]): boolean {
  return mapped.some((other) => other.protocol === port.protocol && overlap(other, port));
}

function readPlaces(value: unknown): PublishedAt | undefined {
  if (value === "none") return value;
  const written: readonly unknown[] = isList(value) ? value : [value];
  const places = written.map(readPlace).filter((one) => one !== undefined);
  return places.length > 0 && places.length === written.length ? places : undefined;
}

function readPlace(value: unknown): HostPort | undefined {
  const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
  const [, bracketed, plain, ports = ""] = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?([1-9][\d-]*)$/.exec(text) ?? [];
  const range = readPortRange(ports);
  const address = readAddress(bracketed ?? plain ?? "");
  const isMissing = (bracketed ?? plain) !== undefined && address === undefined;
  if (range === undefined || isMissing || address?.includes(":") === (bracketed === undefined)) return undefined;
  return { ...range, address };
}
