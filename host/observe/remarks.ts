import type { Body } from "../../model/document/bodies.ts";
import type { Remark } from "../../model/facts/observation.ts";
import { isOfItsProject, type Container } from "../docker/container.ts";
import { liesIn } from "../files/real-path.ts";
import { withoutKept } from "../state/adoption-memory.ts";
import type { StackState } from "../state/stack-state.ts";
import { nameOf, placeName, processFacts, publishedPorts, wantedPorts } from "../facts/listeners.ts";
import { processesIn } from "../facts/processes.ts";
import { fileRemarks } from "./remarks-on-files.ts";
import type { ListeningSocket } from "../facts/sockets.ts";

/** Remarks that are told; of more there is only the number. */
const most = 50;

/**
 * Things where the stack is that are not of the stack: files and folders in its directory, containers that use its own,
 * processes on its ports or in its directory. People are told of them, and nothing touches them (F96).
 */
export function remarksOf(
  state: StackState,
  containers: readonly Container[],
  listening: readonly ListeningSocket[],
): Remark[] {
  const claim = state.intactBody("claim");
  if (claim === undefined) return [];
  const all = [
    ...fileRemarks(claim, state, containers),
    ...keptRemarks(containers, state),
    ...withoutKept(containers, state).flatMap((container) => containerRemarks(claim, container)),
    ...listenerRemarks(claim, containers, listening),
    ...processRemarks(claim),
  ];
  if (all.length <= most) return all;
  const more = { where: claim.directory, found: `${all.length - most} more things that are not of this stack` };
  return [...all.slice(0, most), more];
}

function containerRemarks(claim: Body<"claim">, container: Container): Remark[] {
  const { name, image, project } = container;
  const what = ownPart(claim, project) === undefined ? usesOf(claim, container) : byHand(claim, container);
  if (what === "") return [];
  return [{ where: `container ${name}`, found: `${image}${project === "" ? "" : ` of project ${project}`}${what}` }];
}

/** Containers of the hand-made project whose place the stack has taken (X1). */
function keptRemarks(containers: readonly Container[], state: StackState): Remark[] {
  const others = new Set(withoutKept(containers, state));
  return containers
    .filter((container) => !others.has(container))
    .map(({ name, image }) => ({ where: `container ${name}`, found: `${image}, kept until \`slipway adopt --done\`` }));
}

/** The part of the stack that a compose project is; undefined for any other project. */
function ownPart({ projects }: Body<"claim">, project: string): string | undefined {
  return Object.hasOwn(projects, project) ? projects[project] : undefined;
}

/** Slipway runs migrations like this as well. A label alone makes no container one of the stack's (F133). */
function byHand(claim: Body<"claim">, container: Container): string {
  if (!isOfItsProject(container)) return ", which slipway did not make";
  return container.oneOff && ownPart(claim, container.project) !== "migration" ? ", run by hand" : "";
}

/** Everything of the stack that a foreign container uses. */
function usesOf(claim: Body<"claim">, { networks, mounts }: Container): string {
  const isOurs = (network: string): boolean =>
    Object.hasOwn(claim.networks, network) || ownPart(claim, network.replace(/_[^_]*$/, "")) !== undefined;
  return [
    ...[...networks.keys()].filter(isOurs).map((network) => `, in network ${network}`),
    ...mounts
      .filter(({ type, source }) => type === "volume" && Object.hasOwn(claim.volumes, source))
      .map(({ source }) => `, with volume ${source}`),
    ...mounts
      .filter(({ type, source }) => type === "bind" && liesIn(source, claim.directory))
      .map(({ source }) => `, with ${source}`),
  ].join("");
}

/** Processes on another address of a port that a container publishes; on other ports they are problems of the plan. */
function listenerRemarks(
  { ports }: Body<"claim">,
  containers: readonly Container[],
  listening: readonly ListeningSocket[],
): Remark[] {
  const published = containers.flatMap(publishedPorts).filter(wantedPorts(Object.keys(ports)));
  if (published.length === 0) return [];
  const taken = new Set(published.map(nameOf));
  const places = new Set(published.map(placeName));
  const beside = listening.filter((socket) => taken.has(nameOf(socket)) && !places.has(placeName(socket)));
  return processFacts(beside).map(({ port, protocol, address, pid, command }) => {
    const where = `port ${port}${protocol === "udp" ? "/udp" : ""}`;
    return { where, found: `process ${named(pid, command)} listens on ${address}` };
  });
}

function processRemarks({ directory }: Body<"claim">): Remark[] {
  return processesIn(directory).map(({ at, pid, name }) => {
    return { where: at, found: `process ${named(pid, name)} works there` };
  });
}

function named(pid: string, name: string): string {
  return `${pid === "" ? "unknown" : pid} (${name === "" ? "unknown" : name})`;
}
