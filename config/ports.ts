import { portRangeText } from "../model/port-range.ts";
import type { Problem } from "../model/problem.ts";
import { collide } from "../model/server-port.ts";
import type { PortSettings } from "../model/stack/deployment.ts";
import { publicationsOf, type Publication } from "../model/stack/port/publication.ts";
import { portVariables, type PortVariable } from "../model/stack/port/variables.ts";
import type { RuleInput } from "./rule.ts";

/** Tells whether the stack publishes a service, as far as the configuration alone says. */
export function isPublished(settings: PortSettings | undefined): boolean {
  if (settings === undefined) return false;
  return "only" in settings ? settings.only !== "none" : settings.mapped.some(({ at }) => at !== "none");
}

/** Tells a problem of ports that could not be read: what is wrong with them was said already. */
export function isUnreadPort(path: string, problems: readonly Problem[]): boolean {
  if (!path.startsWith("ports.")) return false;
  return problems
    .filter((known) => known.path === "ports" || known.path.startsWith("ports."))
    .some((known) => isWithin(path, known.path) || isWithin(known.path, path));
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}.`);
}

/** Requires that no two services publish the same port of the server, and no service one port twice. */
export function ensurePortsAreFree({ stack }: RuleInput): Problem[] {
  const places = stack.services
    .filter(({ part }) => part !== "migration")
    .flatMap((service) => publicationsOf(service, stack.ports[service.name]).map((place) => ({ service, place })));
  return places.flatMap(({ service, place }, index) => {
    const earlier = places.slice(0, index).find((other) => collide(place, other.place));
    return earlier === undefined ? [] : [takenPort(service.name, place, earlier.service.name)];
  });
}

function takenPort(service: string, { first, last, protocol }: Publication, owner: string): Problem {
  const port = `${portRangeText({ first, last })}${protocol === "udp" ? "/udp" : ""}`;
  return {
    path: `ports.${service}`,
    what: `is already the host port of ${owner}, got '${port}'`,
    todo: "use another port",
  };
}

/** Requires that a variable by which the compose file publishes ports holds one port of the server alone. */
export function ensurePortVariablesAgree({ stack }: RuleInput): Problem[] {
  const all = stack.services
    .filter(({ part }) => part !== "migration")
    .flatMap((service) => portVariables(service, stack.ports[service.name]));
  return all.flatMap((variable, index) => {
    const first = all.slice(0, index).find(({ name }) => name === variable.name);
    return first === undefined || first.value === variable.value ? [] : [twoPorts(variable, first)];
  });
}

function twoPorts({ service, name, value }: PortVariable, first: PortVariable): Problem {
  const owner = first.service === service ? "another port of it" : first.service;
  const what = `is ${value}, and the compose file has ${name} for it, which is ${first.value} by ${owner}`;
  const todo = `write ${first.value} here as well, or name another variable in the compose file`;
  return { path: `ports.${service}`, what, todo };
}
