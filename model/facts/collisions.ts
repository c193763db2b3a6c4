import { readDocument } from "../document/reader.ts";
import type { Problem } from "../problem.ts";
import { collide, readAddress, readServerPort, type ServerPort } from "../server-port.ts";
import { claimFile } from "../server-places.ts";
import { makesWay, type Claim } from "./claim.ts";
import { foldersOverlap, isFolder, wordFor } from "../data-place.ts";
import { ensureNetworksAreFree } from "./network/subnets.ts";
import type { AppliedFact, ClaimFact, ListenerFact, Observation } from "./observation.ts";

/** The claim that a stack wants to make, and the path of its server in the configuration. */
interface WantedClaim extends Claim {
  readonly path: string;
}

/** The facts of a server that a claim is held against. */
export interface ClaimedServer extends Pick<
  Observation,
  "claims" | "listeners" | "containers" | "namesakes" | "networks" | "routes"
> {
  readonly directory?: Pick<NonNullable<Observation["directory"]>, "real"> | undefined;
  readonly applied: readonly Pick<AppliedFact, "object" | "kind" | "text">[];
}

/**
 * Requires that nothing in a claim belongs to another stack, a foreign process or a foreign project (A5). A preview
 * asks this, and the verb `claim` asks it again under the server's lease.
 */
export function ensureClaimIsFree(claim: WantedClaim, observation: ClaimedServer): Problem[] {
  const others = observation.claims.filter(({ stack }) => stack !== claim.stack);
  return [
    ...others.flatMap((other) => claimProblems(claim, observation, other)),
    ...observation.listeners.flatMap((listener) => listenerProblems(claim, others, listener, observation)),
    ...namesakeProblems(claim, observation, others),
    ...foreignProjectProblems(claim, observation, others),
    ...ensureNetworksAreFree(claim, observation),
    ...relocationProblems(claim, observation),
  ];
}

function claimProblems(claim: WantedClaim, { directory }: ClaimedServer, other: ClaimFact): Problem[] {
  if (!other.readable) return [unreadable(claim.path, other)];
  const owner = `of stack '${other.stack}' on this server`;
  const todo = "choose another";
  const taken = (path: string, what: string): Problem => ({ path, what: `${what} ${owner}`, todo });
  const shared = (own: Readonly<Record<string, string>>, theirs: readonly string[]): [string, string][] =>
    Object.entries(own).filter(([name]) => theirs.includes(name));
  return [
    ...(foldersOverlap(directory?.real ?? claim.directory, other.real)
      ? [
          {
            path: "directory",
            what: `overlaps '${other.real}', the directory ${owner}, got '${claim.directory}'`,
            todo,
          },
        ]
      : []),
    ...shared(claim.projects, other.projects).map(([name]) => taken("project", `'${name}' is a compose project`)),
    ...shared(claim.containers, other.containers).map(([name, service]) =>
      taken(`services.${service}`, `'${name}' is a container`),
    ),
    ...portProblems(claim, other, taken),
    ...shared(claim.volumes, other.volumes).map(([volume, service]) =>
      taken(`services.${service}.data`, `'${volume}' is a ${wordFor(volume)}`),
    ),
    ...folderOverlaps(claim, other).map(({ path, folder, theirs }) =>
      taken(path, `'${folder}' overlaps '${theirs}', a folder`),
    ),
    ...shared(claim.networks, other.networks).map(([name]) => taken("project", `'${name}' is a network`)),
  ];
}

/** Data folders that lie in a folder of another stack, or around one; and the directory around its data folders. */
function folderOverlaps({ directory, volumes }: Pick<WantedClaim, "directory" | "volumes">, other: ClaimFact) {
  const folders = other.volumes.filter((volume) => isFolder(volume) && !foldersOverlap(volume, other.directory));
  const own = Object.entries(volumes).filter(([volume]) => isFolder(volume));
  const places = [
    ...own.map(([folder, service]) => ({
      path: `services.${service}.data`,
      folder,
      all: [other.directory, ...folders],
    })),
    { path: "directory", folder: directory, all: folders },
  ];
  return places.flatMap(({ path, folder, all }) =>
    all
      .filter((theirs) => theirs !== "" && theirs !== folder && foldersOverlap(folder, theirs))
      .map((theirs) => ({ path, folder, theirs })),
  );
}

/** An unreadable claim may hold anything, so nothing may be deployed beside it. */
function unreadable(path: string, { stack }: ClaimFact): Problem {
  return {
    path: `${path}.address`,
    what: `the claim of stack '${stack}' on this server cannot be read, got '${claimFile(stack)}'`,
    todo: "restore that file, or remove it if the stack is gone",
  };
}

function portProblems(claim: Claim, other: ClaimFact, taken: (path: string, what: string) => Problem): Problem[] {
  return Object.entries(claim.ports).flatMap(([text, service]) => {
    const theirs = other.ports.filter((port) => doCollide(text, port));
    return theirs.map((port) => taken(`ports.${service}`, `'${port}' is a port`));
  });
}

function doCollide(one: string, other: string): boolean {
  const [own, theirs] = [readServerPort(one), readServerPort(other)];
  return own !== undefined && theirs !== undefined && collide(own, theirs);
}

/** The problem of a port that something else listens on, unless another stack's claim was already reported for it. */
function listenerProblems(
  claim: Claim,
  others: readonly ClaimFact[],
  listener: ListenerFact,
  { listeners }: Pick<ClaimedServer, "listeners">,
): Problem[] {
  if (Object.hasOwn(claim.projects, listener.project) || makesWay(claim, listener.project)) return [];
  const at = placesOf(listener, listeners);
  const isAt = (text: string): boolean => {
    const port = readServerPort(text);
    return port !== undefined && at.some((place) => collide(port, place));
  };
  if (others.some(({ ports, projects }) => projects.includes(listener.project) && ports.some(isAt))) return [];
  const [, service] = Object.entries(claim.ports).find(([text]) => isAt(text)) ?? [];
  if (service === undefined) return [];
  const owner =
    listener.container === ""
      ? `process ${listener.pid} (${listener.command})`
      : `container ${listener.container}${listener.project === "" ? "" : ` of project ${listener.project}`}`;
  const port = listener.protocol === "udp" ? `${listener.port}/udp` : listener.port;
  return [
    {
      path: `ports.${service}`,
      what: `is in use on ${listener.address} by ${owner}, got '${port}'`,
      todo: "choose another port, or stop what uses it",
    },
  ];
}

/**
 * The places at which it listens. A process on `::` usually has IPv4 as well, which the kernel does not tell; not where
 * a container listens on that port of IPv4.
 */
function placesOf({ port, protocol, address, container }: ListenerFact, all: readonly ListenerFact[]): ServerPort[] {
  const range = { first: Number(port), last: Number(port), protocol };
  const known = readAddress(address);
  if (known === undefined) return [];
  const beside = all.some((other) => {
    return other.container !== "" && other.port === port && other.protocol === protocol && !other.address.includes(":");
  });
  const places = known === "::" && container === "" && !beside ? [known, "0.0.0.0"] : [known];
  return places.map((place) => ({ ...range, address: place }));
}

/** Containers of nobody's stack with a name of ours: Compose would only say that it is in use (F33). */
function namesakeProblems(claim: Claim, { namesakes }: ClaimedServer, others: readonly ClaimFact[]): Problem[] {
  const { containers } = claim;
  return namesakes
    .filter(({ project }) => !makesWay(claim, project))
    .filter(({ name }) => Object.hasOwn(containers, name) && !others.some((claim) => claim.containers.includes(name)))
    .map(({ name, project, image }) => {
      const owner = project === "" ? "" : ` of project '${project}'`;
      const what = `'${name}' is a container${owner} (${image}) that is not of this stack`;
      return {
        path: `services.${containers[name] ?? ""}`,
        what,
        todo: "rename or remove it, or choose another project",
      };
    });
}

/** Containers of a compose project with our name that slipway did not make. */
function foreignProjectProblems(
  claim: Claim,
  { applied, containers }: ClaimedServer,
  others: readonly ClaimFact[],
): Problem[] {
  const { project, projects } = claim;
  const made = new Set(applied.map(({ object }) => object));
  const known = (name: string): boolean =>
    projects[name] === "blue" || projects[name] === "green"
      ? made.has("rollout") || made.has(`compose:${project}`)
      : made.has(`compose:${name}`) || made.has("claim");
  return [...new Set(containers.map(({ project }) => project))]
    .filter((name) => !makesWay(claim, name))
    .filter((name) => !known(name) && !others.some((claim) => claim.projects.includes(name)))
    .map((name) => ({
      path: "project",
      what: `containers of a compose project '${name}' that slipway did not make run there`,
      todo: "choose another project, or stop them with `docker compose --project-name … down` (volumes stay)",
    }));
}

/** A deployed stack keeps its directory and its project: a move would leave the old ones behind. */
function relocationProblems({ stack, directory, project }: Claim, observation: ClaimedServer): Problem[] {
  const own = lastClaim(stack, observation);
  if (own === undefined) return [];
  const todo = "change it back, or destroy the stack first (its volumes stay)";
  const moved = (path: string, from: string, to: string): Problem => {
    return { path, what: `cannot move from '${from}', got '${to}'`, todo };
  };
  return [
    ...(own.directory === directory ? [] : [moved("directory", own.directory, directory)]),
    ...(own.projects.includes(project) ? [] : [moved("project", own.projects.join(", "), project)]),
  ];
}

/**
 * The stack's claim of the last deployment. The applied document is preferred: the claim file may have been edited by
 * hand since then, which is not a move.
 */
function lastClaim(
  stack: string,
  { applied, claims }: ClaimedServer,
): Pick<ClaimFact, "directory" | "projects"> | undefined {
  const { directory, projects } =
    readDocument(applied.find(({ kind }) => kind === "claim")?.text ?? "")?.document.body ?? {};
  if (typeof directory === "string" && typeof projects === "object" && !(projects instanceof Uint8Array)) {
    return { directory, projects: Object.keys(projects) };
  }
  return claims.find((claim) => claim.stack === stack && claim.readable);
}
