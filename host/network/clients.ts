import { Buffer } from "node:buffer";
import { clientsPlaceholders } from "../../model/placeholders.ts";
import { ipRangeText, parseIpRange } from "../../model/ip-range.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import type { View } from "../view.ts";
import { networksByName } from "./by-name.ts";

/** The condition that lets everybody in. */
const everybody = ["0.0.0.0/0", "::/0"];

type Bytes = Uint8Array<ArrayBuffer>;

/** Routes in which the conditions for requests from networks of others are filled in, as those are now. */
export async function withClients(routes: Bytes, view: View): Promise<Bytes> {
  const text = Buffer.from(routes).toString("utf8");
  if (text.search(clientsPlaceholders) < 0) return routes;
  const there = await networksByName(view);
  return Buffer.from(text.replaceAll(clientsPlaceholders, (_, name: string) => conditionFor(there.get(name))));
}

/** A condition of Traefik's. A network that is gone has no requests, and a run that needs it stops elsewhere. */
function conditionFor(network: EngineNetwork | undefined): string {
  const subnets = network === undefined ? [] : sourcesIn(network);
  return (subnets.length === 0 ? ["255.255.255.255/32"] : subnets).map((one) => `ClientIP(\`${one}\`)`).join(" || ");
}

/** Networks of other drivers may be reached from beyond the server, as their owner made them. */
function sourcesIn({ Driver, IPAM }: EngineNetwork): readonly string[] {
  if (Driver !== "bridge") return everybody;
  return (IPAM?.Config ?? []).flatMap(({ Subnet }) => {
    const range = parseIpRange(Subnet ?? "");
    return range === undefined ? [] : [ipRangeText(range)];
  });
}
