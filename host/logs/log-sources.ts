import type { Colour } from "../../model/colour.ts";
import type { LogsWish } from "../../model/session/logs.ts";
import { Failure } from "../failure.ts";
import { chosenColour } from "../colours/chosen-colour.ts";
import { stackContainers, type StackContainer } from "../stack/stack-containers.ts";
import type { View } from "../view.ts";

/** A container whose log is shown. */
export interface LogSource {
  readonly id: string;
  readonly service: string;
  /** Undefined where the service has one container. */
  readonly number: number | undefined;
  readonly terminal: boolean;
  /** The name of its log driver. */
  readonly driver: string;
}

/** The parts whose logs are shown only to those who ask for their services. */
const onRequest: readonly string[] = ["proxy", "migration"];

/** The containers whose logs are asked for. Refuses a service that has none. */
export async function logSources(wish: LogsWish, view: View): Promise<LogSource[]> {
  const colour = await chosenColour(wish, view);
  const all = await stackContainers(view);
  const there = candidates(all, colour);
  const missing = wish.services.filter((name) => !there.some(({ service }) => service === name));
  if (missing.length > 0) throw noContainer(missing, there);
  return sourcesOf(wish, all, colour);
}

/** The same among known containers, for the colour that is meant. */
export function sourcesOf(
  { services, release, colour: wanted }: LogsWish,
  all: readonly StackContainer[],
  colour: Colour | undefined,
): LogSource[] {
  const onlyColour = release !== undefined || wanted !== undefined;
  const shown = candidates(all, colour).filter(({ part, service }) => {
    if (services.length > 0) return services.includes(service);
    return onlyColour ? part === colour : !onRequest.includes(part);
  });
  return shown.map((one) => sourceOf(one, shown)).sort(byName);
}

/** All but the containers of the other colour, and those that somebody runs by hand. */
function candidates(all: readonly StackContainer[], colour: Colour | undefined): StackContainer[] {
  const isOther = (part: string): boolean => (part === "blue" || part === "green") && part !== colour;
  return all.filter(({ part, container }) => !container.oneOff && !isOther(part));
}

function sourceOf({ part, service, container }: StackContainer, all: readonly StackContainer[]): LogSource {
  const { id, number, inspection } = container;
  const several = all.filter((one) => one.part === part && one.service === service).length > 1;
  return {
    ...{ id, service, number: several ? number : undefined },
    terminal: inspection.Config["Tty"] === true,
    driver: driverOf(inspection.HostConfig.LogConfig),
  };
}

function driverOf(config: unknown): string {
  return typeof config === "object" && config !== null && "Type" in config ? String(config.Type) : "";
}

function byName(one: LogSource, other: LogSource): number {
  if (one.service === other.service) return (one.number ?? 0) - (other.number ?? 0);
  return one.service < other.service ? -1 : 1;
}

function noContainer(missing: readonly string[], there: readonly StackContainer[]): Failure {
  const names = [...new Set(there.map(({ service }) => service))].sort();
  const verb = missing.length === 1 ? "has" : "have";
  const what = `${missing.map((name) => `'${name}'`).join(" and ")} ${verb} no container here`;
  const todo = "deploy the service first";
  return new Failure("logs", `${what}; ${names.length === 0 ? todo : `name one of ${names.join(", ")}, or ${todo}`}`);
}
