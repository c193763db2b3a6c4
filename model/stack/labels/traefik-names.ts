/** Labels for a Traefik by name. */
export type TeamLabels = Readonly<Record<string, string>>;

/** A label with the port at which Traefik comes to a container. */
export const portLabel = /^traefik\.http\.services\.[^.]+\.loadbalancer\.(server|healthcheck)\.port$/i;

/** The label that names the network of a container in which Traefik comes to it. */
export const networkLabel = "traefik.docker.network";

/** The value of a label, whose name Traefik reads without regard to capitals. */
export function valueOf(labels: TeamLabels, name: string): string | undefined {
  return Object.entries(labels).find(([label]) => label.toLowerCase() === name.toLowerCase())?.[1];
}

/** Tells labels by which Traefik sends requests to a container from those that only define middlewares. */
export function isRouted(labels: TeamLabels): boolean {
  const isMade = backendsOf(labels).length > 0 || routersOf(labels).length > 0;
  return isMade || valueOf(labels, "traefik.enable") === "true";
}

/** The names of the services of Traefik that labels make, as they are written. */
export function backendsOf(labels: TeamLabels): string[] {
  return namesIn(labels, /^traefik\.http\.services\.([^.]+)\./i);
}

/** The names of the routers that labels make, as they are written. */
export function routersOf(labels: TeamLabels): string[] {
  return namesIn(labels, /^traefik\.http\.routers\.([^.]+)\./i);
}

function namesIn(labels: TeamLabels, pattern: RegExp): string[] {
  const names = Object.keys(labels).flatMap((label) => pattern.exec(label)?.[1] ?? []);
  return [...new Set(names)];
}

/** The port that labels name for a container; undefined if they name none, or several. */
export function labelledPort(labels: TeamLabels = {}): number | undefined {
  const ports = Object.entries(labels).flatMap(([label, value]) => (portLabel.test(label) ? [Number(value)] : []));
  const [only, ...more] = new Set(ports);
  return only !== undefined && more.length === 0 && Number.isInteger(only) ? only : undefined;
}
