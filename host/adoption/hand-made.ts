import type { HandMade, HandMadeContainer } from "../../model/facts/hand-made/hand-made.ts";
import type { ClaimFact } from "../../model/facts/observation.ts";
import type { ObservationScope } from "../../model/facts/scope.ts";
import { serverPortText } from "../../model/server-port.ts";
import {
  composeLabel,
  containersOfProject,
  isAnonymousVolume,
  isOfItsProject,
  isUp,
  type Container,
} from "../docker/container.ts";
import type { EngineNetwork } from "../docker/engine.ts";
import { foreignMembers } from "../network/members.ts";
import { ownerOf } from "../network/wanted.ts";
import { keptId, type Adoption } from "../state/adoption-memory.ts";

/** The facts of a server in which hand-made projects are found. */
interface Found {
  readonly containers: readonly Container[];
  readonly networks: readonly EngineNetwork[];
  readonly claims: readonly Pick<ClaimFact, "stack" | "projects">[];
  /** What the stack has taken over already. */
  readonly adoption: Adoption | undefined;
  /** The stack's own compose projects. */
  readonly own: Readonly<Record<string, string>>;
}

/** The hand-made compose projects that an observation asks for. */
export function handMadeFacts(asked: ObservationScope["handMade"] = [], found: Found): HandMade[] {
  const claimed = new Set(found.claims.flatMap(({ projects }) => projects));
  const projects = [...new Set(found.containers.filter((one) => isOfItsProject(one)).map(({ project }) => project))];
  const wanted = asked === "all" ? projects.filter((project) => !claimed.has(project)) : asked;
  return wanted.map((project) => factOf(project, found)).filter(({ containers }) => containers.length > 0);
}

/**
 * The containers of a hand-made project, also those that somebody created after a stack took its place. If the stack's
 * own project has the same name, the others of it are the stack's, so only those count that were there before.
 */
export function handMadeContainers(
  project: string,
  { containers, adoption, own }: Pick<Found, "containers" | "adoption" | "own">,
): Container[] {
  const all = containersOfProject(containers, project);
  if (adoption?.project !== project || !Object.hasOwn(own, project)) return all;
  const known = new Set(adoption.containers.map(keptId));
  return all.filter(({ id }) => known.has(id));
}

/** The networks that Compose made for a hand-made project, and in which no containers of others are. */
export function handMadeNetworks(
  project: string,
  { networks, containers }: Pick<Found, "networks" | "containers">,
): EngineNetwork[] {
  return networks.filter(
    (network) =>
      network.Labels?.[composeLabel.project] === project &&
      ownerOf(network) === "" &&
      foreignMembers(network.Name, [project], containers).length === 0,
  );
}

function factOf(project: string, found: Found): HandMade {
  const own = handMadeContainers(project, found);
  const [folder = ""] = own.flatMap(({ inspection }) => inspection.Config.Labels?.[composeLabel.folder] ?? []);
  const networks = handMadeNetworks(project, found).map(({ Name: name }) => name);
  return { project, folder, containers: own.map(containerFact), networks };
}

function containerFact(container: Container): HandMadeContainer {
  const { name, service, image } = container;
  return {
    ...{ name, service, image, running: isUp(container) },
    ports: [...new Set(portsOf(container))].sort(),
    mounts: mountsOf(container),
  };
}

/** The ports that it publishes whenever it runs. */
function portsOf({ inspection }: Container): string[] {
  return Object.entries(inspection.HostConfig.PortBindings ?? {}).flatMap(([inside, bindings]) => {
    const protocol = inside.endsWith("/udp") ? ("udp" as const) : ("tcp" as const);
    return (bindings ?? []).flatMap(({ HostIp: address, HostPort: text }) => {
      const port = Number(text);
      if (!Number.isInteger(port) || port === 0) return [];
      return serverPortText({ address: address === "" ? "0.0.0.0" : address, first: port, last: port, protocol });
    });
  });
}

function mountsOf({ mounts }: Container): HandMadeContainer["mounts"] {
  return mounts
    .filter(({ type }) => type === "volume" || type === "bind")
    .map(({ type, source, target }) => {
      const kind = type === "bind" ? "folder" : isAnonymousVolume(source) ? "own volume" : "volume";
      return { kind, source, target } as const;
    })
    .sort((a, b) => (a.target < b.target ? -1 : 1));
}
