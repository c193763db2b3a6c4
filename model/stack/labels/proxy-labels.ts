import type { Problem } from "../../problem.ts";
import type { EntryPoint } from "../port/entry-points.ts";
import type { ServiceBase } from "../service.ts";
import { entryPointName } from "./entry-points.ts";
import { labelFaults } from "./label-faults.ts";
import type { LabelNetwork } from "./label-network.ts";
import { backendsOf, isRouted, networkLabel, portLabel, routersOf, valueOf, type TeamLabels } from "./traefik-names.ts";

/** The labels of slipway's proxy for a team's own Traefik, which sends to it what it would send to release services. */
export type ProxyLabels = Readonly<Record<string, string>>;

/** A release service of which a team's own Traefik is to know, with its labels. */
export interface LabelledService extends Pick<ServiceBase, "name" | "port" | "compose"> {
  readonly labels: TeamLabels;
}

/** The release services with labels for a team's own Traefik, but for those that say that it must not look at them. */
export function labelledServices(services: readonly ServiceBase[]): LabelledService[] {
  return services
    .filter(({ part, compose }) => part === "release" && compose.teamLabels !== undefined)
    .map(({ name, port, compose }) => ({ name, port, compose, labels: compose.teamLabels ?? {} }))
    .filter(({ labels }) => valueOf(labels, "traefik.enable") !== "false");
}

/** What the labels of the proxy are made of. */
interface LabelFacts {
  readonly project: string;
  readonly entryPoints: readonly EntryPoint[];
  /** The network in which Traefik comes to the proxy. */
  readonly network: LabelNetwork | undefined;
}

/** The labels of release services on the proxy, with its own ports in them. */
export function proxyLabels(services: readonly ServiceBase[], facts: LabelFacts): ProxyLabels {
  const labelled = labelledServices(services);
  if (labelled.length > 0) {
    const moved = labelled.flatMap((service) => movedLabels(service, facts));
    const isRouting = labelled.some(({ labels }) => isRouted(labels));
    // Without it Traefik would take any network of the proxy, also one in which nothing listens for it.
    const network = isRouting && facts.network !== undefined ? [[networkLabel, facts.network.name] as const] : [];
    const kept = moved.filter(([label]) => network.length === 0 || label.toLowerCase() !== networkLabel);
    return Object.fromEntries([...kept, ...network]);
  }
  return hasTeamLabels(services) ? hidden : {};
}

/** Tells release services of which some have labels for a team's own Traefik. */
export function hasTeamLabels(services: readonly ServiceBase[]): boolean {
  return services.some(({ compose }) => compose.teamLabels !== undefined);
}

/** The label of a container that a team's own Traefik must not look at, also if it looks at all others. */
export const hidden: ProxyLabels = { "traefik.enable": "false" };

function movedLabels({ name, labels }: LabelledService, { project, entryPoints }: LabelFacts): [string, string][] {
  const port = String(entryPoints.find((point) => point.name === entryPointName(name))?.port);
  const own = backendsOf(labels);
  const backend = own[0] ?? `${project}-${name}`;
  const moved = Object.entries(labels).map(([label, value]): [string, string] => [
    label,
    portLabel.test(label) ? port : value,
  ]);
  // On the proxy Traefik would no longer know which service a router is for, nor on which port that one listens.
  const open = routersOf(labels).filter(
    (router) => valueOf(labels, `traefik.http.routers.${router}.service`) === undefined,
  );
  const named =
    own.length > 1 ? [] : open.map((router): [string, string] => [`traefik.http.routers.${router}.service`, backend]);
  const ports = [backend, ...own.slice(1)].map((one): [string, string] => [
    `traefik.http.services.${one}.loadbalancer.server.port`,
    port,
  ]);
  if (!isRouted(labels)) return moved;
  const known = new Set(moved.map(([label]) => label.toLowerCase()));
  return [...moved, ...[...named, ...ports].filter(([label]) => !known.has(label.toLowerCase()))];
}

/** Requires that the proxy can take over the labels of release services. */
export function ensureLabelsCanMove({ services }: { readonly services: readonly ServiceBase[] }): Problem[] {
  const labelled = labelledServices(services);
  return [...labelled.flatMap(labelFaults), ...conflicts(labelled)];
}

/** What a service says in a label. */
interface Said {
  readonly service: string;
  readonly value: string;
}

/** Two services of one proxy cannot say two things about one name. */
function conflicts(services: readonly LabelledService[]): Problem[] {
  const said = new Map<string, Said>();
  return services.flatMap(({ name, labels }) =>
    Object.entries(labels).flatMap(([label, value]): Problem[] => {
      const key = label.toLowerCase();
      const other = said.get(key);
      if (other === undefined) said.set(key, { service: name, value });
      const differs = other !== undefined && other.service !== name && (other.value !== value || portLabel.test(label));
      if (!differs) return [];
      if (key === networkLabel) return [twoNetworks(name, { value, other })];
      const also = other.value === value ? `as '${other.service}' does` : `to another value than '${other.service}'`;
      const what = `sets '${label}' ${also}, and slipway's proxy carries both, got '${value}'`;
      return [{ path: `compose.services.${name}.labels`, what, todo: "give it a name of its own in one of them" }];
    }),
  );
}

/** A container says in one label by which network Traefik comes to it. */
function twoNetworks(name: string, { value, other }: { readonly value: string; readonly other: Said }): Problem {
  const what = `names the network '${value}' for Traefik and '${other.service}' names '${other.value}'`;
  const todo = "name one network in both, which both services join; slipway's proxy has a label for one";
  return { path: `compose.services.${name}.labels`, what, todo };
}
