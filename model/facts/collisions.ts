import type { Deployment } from "../stack/deployment.ts";
import { readDocument } from "../document/reading.ts";
import { namesOf, projectsOf } from "../stack/names.ts";
import type { ClaimFact, ListenerFact, Observation } from "./observation.ts";
import { portsOf } from "../stack/ports.ts";
import type { Problem } from "../problem.ts";
import { volumesOf } from "../stack/volumes.ts";

/** Nothing that the stack wants belongs to another stack, a foreign process or a foreign project (A5). */
export function ensureClaimsAreFree(deployment: Deployment, observation: Observation): Problem[] {
  const others = observation.claims.filter(({ stack }) => stack !== deployment.stack);
  return [
    ...others.flatMap((claim) => claimProblems(deployment, observation, claim)),
    ...observation.listeners.flatMap((listener) => listenerProblems(deployment, others, listener)),
    ...foreignProjectProblems(deployment, observation, others),
    ...movedProblems(deployment, observation),
  ];
}

function claimProblems(deployment: Deployment, { directory }: Observation, claim: ClaimFact): Problem[] {
  if (!claim.readable) return [unreadable(claim)];
  const { networks } = namesOf(deployment);
  const taken = (path: string, what: string): Problem => ({
    path,
    what: `${what} of stack '${claim.stack}' on this server`,
    todo: "choose another, so that the two stacks share nothing",
  });
  const ports = portsOf(deployment).published.filter(({ port }) => claim.ports.includes(String(port)));
  const volumes = volumesOf(deployment).filter(({ volume }) => claim.volumes.includes(volume));
  return [
    ...(overlaps(directory?.real ?? deployment.directory, claim.real)
      ? [taken("directory", `is, holds or lies in the directory, got '${deployment.directory}' beside '${claim.real}'`)]
      : []),
    ...projectsOf(deployment)
      .filter((name) => claim.projects.includes(name))
      .map((name) => taken("project", `is a compose project, got '${name}'`)),
    ...ports.map(({ port, service }) => taken(`ports.${service}`, `is a port, got '${port}'`)),
    ...volumes.map(({ volume, service }) => taken(`services.${service}.data`, `is a volume, got '${volume}'`)),
    ...Object.values(networks)
      .filter((name) => claim.networks.includes(name))
      .map((name) => taken("project", `is a network, got '${name}'`)),
  ];
}

/** Nobody knows what such a stack holds, so nothing is taken beside it. */
function unreadable({ stack }: ClaimFact): Problem {
  const file = `/var/lib/slipway/claims-1/${stack.replace("/", "@")}`;
  return {
    path: "host.address",
    what: `the claim of stack '${stack}' on this server cannot be read, got '${file}'`,
    todo: "restore that file, or remove it if the stack is gone",
  };
}

/** Whether one folder is the other, or holds it. */
function overlaps(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** Ports that something else listens on; what another stack's claim explains was said already. */
function listenerProblems(deployment: Deployment, others: readonly ClaimFact[], listener: ListenerFact): Problem[] {
  if (projectsOf(deployment).includes(listener.project)) return [];
  if (others.some(({ ports, projects }) => ports.includes(listener.port) && projects.includes(listener.project))) {
    return [];
  }
  const published = portsOf(deployment).published.find(({ port }) => String(port) === listener.port);
  if (published === undefined) return [];
  const owner =
    listener.container === ""
      ? `process ${listener.pid} (${listener.command})`
      : `container ${listener.container}${listener.project === "" ? "" : ` of project ${listener.project}`}`;
  return [
    {
      path: `ports.${published.service}`,
      what: `is in use on ${listener.address} by ${owner}, got '${listener.port}'`,
      todo: "choose another port, or stop what uses it",
    },
  ];
}

/** Containers of a project with our name that no document of ours made. */
function foreignProjectProblems(
  deployment: Deployment,
  { applied, containers }: Observation,
  others: readonly ClaimFact[],
): Problem[] {
  const made = new Set(applied.map(({ object }) => object));
  const { projects } = namesOf(deployment);
  const known = (name: string): boolean =>
    name === projects.blue || name === projects.green
      ? made.has("release") || made.has(`compose:${projects.shared}`)
      : made.has(`compose:${name}`) || made.has("claim");
  return [...new Set(containers.map(({ project }) => project))]
    .filter((name) => !known(name) && !others.some((claim) => claim.projects.includes(name)))
    .map((name) => ({
      path: "project",
      what: `containers of a compose project '${name}' that slipway did not make run there`,
      todo: "choose another project, or stop them with `docker compose --project-name … down` (volumes stay)",
    }));
}

/** A stack that is deployed keeps its directory and its project: moving them would leave the old ones behind. */
function movedProblems(deployment: Deployment, observation: Observation): Problem[] {
  const own = heldBy(deployment.stack, observation);
  if (own === undefined) return [];
  const todo = "change it back, or destroy the stack first (its volumes stay)";
  return [
    ...(own.directory === deployment.directory
      ? []
      : [{ path: "directory", what: `cannot move from '${own.directory}', got '${deployment.directory}'`, todo }]),
    ...(own.projects.includes(deployment.project)
      ? []
      : [
          { path: "project", what: `cannot move from '${own.projects.join(", ")}', got '${deployment.project}'`, todo },
        ]),
  ];
}

/** What the stack claimed when it was deployed last; its claim itself may have been edited by hand since then, which is no move. */
function heldBy(
  stack: string,
  { applied, claims }: Observation,
): Pick<ClaimFact, "directory" | "projects"> | undefined {
  const { directory, projects } =
    readDocument(applied.find(({ kind }) => kind === "claim")?.text ?? "")?.document.body ?? {};
  if (typeof directory === "string" && typeof projects === "object" && !(projects instanceof Uint8Array)) {
    return { directory, projects: Object.keys(projects) };
  }
  return claims.find((claim) => claim.stack === stack && claim.readable);
}
