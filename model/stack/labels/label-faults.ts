import type { Problem } from "../../problem.ts";
import type { LabelledService } from "./proxy-labels.ts";
import { isRouted, portLabel, routersOf, valueOf, type TeamLabels } from "./traefik-names.ts";

/** The way out that is always there: one container, with its labels, as under Compose. */
const asShared = (name: string): string => `make it a shared service, without services.${name}.release`;

/** Why slipway's proxy cannot take over the labels of a service. */
export function labelFaults(service: LabelledService): Problem[] {
  const { name, port, labels } = service;
  const refuse = (what: string, todo: string): Problem => ({ path: `compose.services.${name}.labels`, what, todo });
  return [
    ...foreignFaults(labels).map((what) => refuse(what, asShared(name))),
    ...portFaults(service).map((what) => refuse(what, `name that port in services.${name}.port, or ${asShared(name)}`)),
    ...(port === undefined && isRouted(labels)
      ? [refuse("do not say on which port it listens", `set services.${name}.port`)]
      : []),
    ...withoutRule(labels).map((subject) => {
      const what = `have no rule for ${subject}, so Traefik would make one of the name of a container`;
      return refuse(what, `write one, such as \`traefik.http.routers.${name}.rule=Host(…)\``);
    }),
  ];
}

/** Labels for what slipway's proxy does not speak. */
function foreignFaults(labels: TeamLabels): string[] {
  return Object.entries(labels).flatMap(([label, value]) => {
    if (/^traefik\.(tcp|udp)\./i.test(label)) return [`are for connections without HTTP, got '${label}'`];
    if (/^traefik\.([^.]+\.)?(frontend|backend|port|protocol|weight)\b/i.test(label))
      return [`are for Traefik 1, got '${label}'`];
    const isOther = /\.server\.scheme$/i.test(label) && value !== "http";
    return isOther ? [`ask for ${value}, and slipway's proxy speaks HTTP to release services, got '${label}'`] : [];
  });
}

/** Labels with another port than that of the service. */
function portFaults({ port, labels }: LabelledService): string[] {
  return Object.entries(labels)
    .filter(([label, value]) => portLabel.test(label) && port !== undefined && value !== String(port))
    .map(([label, value]) => `lead to port ${value}, and the service answers at ${String(port)}, got '${label}'`);
}

/** Routers for which Traefik would make a rule of the container's name. */
function withoutRule(labels: TeamLabels): string[] {
  const routers = routersOf(labels);
  const without = routers.filter((router) => valueOf(labels, `traefik.http.routers.${router}.rule`) === undefined);
  if (routers.length > 0) return without.map((router) => `the router '${router}'`);
  return isRouted(labels) ? ["it"] : [];
}
