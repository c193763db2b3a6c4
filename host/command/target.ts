import { colours as allColours, serviceInColour, type Colour } from "../../model/colour.ts";
import type { CommandWish } from "../../model/session/command.ts";
import type { Container } from "../docker/container.ts";
import { Failure } from "../failure.ts";
import type { ProjectPlace } from "../project/compose-command.ts";
import { colourPlace } from "../colours/colour.ts";
import { Colours } from "../colours/colours.ts";
import { chosenColour } from "../colours/chosen-colour.ts";
import { stackContainers } from "../stack/stack-containers.ts";
import { placeOf } from "../verbs/compose.ts";
import type { View } from "../view.ts";

type Wish = Pick<CommandWish, "kind" | "service" | "colour" | "replica">;

/** The container in which a command runs. */
export async function containerFor(wish: Wish, view: View): Promise<Container> {
  const { service, replica } = wish;
  const colour = await chosenColour(wish, view);
  const all = (await stackContainers(view)).filter(({ part, container }) => isMeant(part, colour) && !container.oneOff);
  const of = all.flatMap((one) => (one.service === service ? [one.container] : []));
  if (of.length === 0) throw unknown(wish, [...new Set(all.map((one) => one.service))]);
  const sorted = of.sort((one, other) => one.number - other.number);
  const asked = sorted.filter(({ number }) => replica === undefined || number === replica);
  const found = asked.find(({ state }) => state === "running");
  if (found !== undefined) return found;
  if (asked.length === 0) {
    const numbers = sorted.map(({ number }) => number).join(", ");
    const what = `'${service}' has no container ${replica ?? ""}, got ${numbers}`;
    throw new Failure(wish.kind, `${what}; leave out --replica, or use one of these`);
  }
  const what = `'${service}' has no container that runs, but one that is ${asked[0]?.state ?? "gone"}`;
  throw new Failure(wish.kind, `${what}; see \`slipway logs ${service}\`, or use \`slipway run ${service}\``);
}

/** The compose project in which a container of its own is made, and the service's name in its compose file. */
export interface RunTarget {
  readonly place: ProjectPlace;
  readonly service: string;
}

/** Finds where a container of its own is made for a service. */
export async function projectFor(wish: Wish, view: View): Promise<RunTarget> {
  const known = new Set<string>();
  for (const { kind, object } of view.state.allApplied().applied) {
    if (kind !== "compose") continue;
    const body = view.state.body("compose", object);
    const services = Object.keys(body?.services ?? {});
    if (body !== undefined && services.includes(wish.service)) return { place: placeOf(body), service: wish.service };
    services.forEach((service) => known.add(service));
  }
  const release = view.state.body("rollout");
  const place = Colours.placeOf(view.state);
  const services = Object.keys(release?.services ?? {});
  if (place === undefined || !services.includes(wish.service)) throw unknown(wish, [...known, ...services]);
  const colour = await chosenColour(wish, view);
  if (colour !== undefined)
    return { place: colourPlace(place, colour), service: serviceInColour(wish.service, colour) };
  const what = `no release serves, so '${wish.service}' has neither image nor files`;
  throw new Failure(wish.kind, `${what}; deploy one with \`slipway up\``);
}

function isMeant(part: string, colour: Colour | undefined): boolean {
  return !allColours.some((one) => one === part) || part === colour;
}

function unknown({ kind, service }: Wish, services: string[]): Failure {
  const todo = services.length === 0 ? "deploy one with `slipway up`" : `name one of ${services.sort().join(", ")}`;
  return new Failure(kind, `there is no service '${service}' on this server; ${todo}`);
}
