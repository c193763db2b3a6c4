import { textOf } from "../../../model/json.ts";
import type { Comparison } from "../compare/comparison.ts";
import { originalNeighbours } from "../compare/neighbours.ts";
import { reachOf } from "../compare/reach.ts";
import type { Player, Port } from "./player.ts";

/** A question of one service to a name and a port, and who may answer it; nobody where the list is empty. */
export interface Ask extends Port {
  readonly name: string;
  readonly expected: readonly string[];
}

/** The ports of a range that are asked: all of them would prove nothing more. */
const most = 4;

/** By service: whom it asks, and who answers by the original file. Jobs have ended, so they neither ask nor answer. */
export function asksOf(comparison: Comparison, players: readonly Player[]): ReadonlyMap<string, readonly Ask[]> {
  const present = players.filter(({ ends }) => !ends);
  const isPresent = (service: string): boolean => present.some((player) => player.service === service);
  const neighbours = originalNeighbours(comparison);
  const reaches = reachOf(neighbours, isPresent);
  const names = new Map<string, readonly Player[]>();
  const isOf = (name: string, { service }: Player): boolean =>
    name === service || neighbours.some((one) => one.service === service && one.names.includes(name));
  for (const name of new Set([...present.map(({ service }) => service), ...neighbours.flatMap((one) => one.names)]))
    names.set(
      name,
      present.filter((player) => isOf(name, player)),
    );
  return new Map(
    present.map(({ service: from }) => [
      from,
      [...names].flatMap(([name, owners]) => {
        const behind = (textOf(reaches.get(from)?.names[name]) ?? "").split(", ").filter((one) => one !== "");
        const ports = new Map(owners.flatMap((owner) => askedPorts(comparison, from, owner)).map((p) => [keyOf(p), p]));
        return [...ports.values()].map((port) => ({ name, ...port, expected: listening(behind, port, present) }));
      }),
    ]),
  );
}

/** The services whom one may reach by their addresses: everyone in its networks, and itself. */
export function reachedServices(comparison: Comparison, from: string): ReadonlySet<string> {
  const reach = reachOf(originalNeighbours(comparison), () => true).get(from);
  return new Set([from, ...Object.keys(reach?.hosts ?? {})]);
}

/** The proxy answers for a release service at the ports that are known; another colour's container answers at each. */
function askedPorts({ pairs }: Comparison, from: string, to: Player): readonly Port[] {
  const kindOf = (service: string) => pairs.find(({ name }) => name === service)?.part.kind;
  const byProxy = kindOf(to.service) === "release" && kindOf(from) !== "release";
  const known = to.known.length <= most ? to.known : [...to.known.slice(0, most - 1), ...to.known.slice(-1)];
  return byProxy || to.own === undefined ? known : [...known, to.own];
}

function listening(services: readonly string[], port: Port, players: readonly Player[]): string[] {
  return services.filter((service) => {
    const player = players.find((one) => one.service === service);
    const ports = [...(player?.known ?? []), ...(player?.own === undefined ? [] : [player.own])];
    return ports.some((own) => keyOf(own) === keyOf(port));
  });
}

function keyOf({ number, protocol }: Port): string {
  return `${number}/${protocol}`;
}
