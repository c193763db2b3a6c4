import { z } from "zod";
import type { ClaimFact, Observation } from "../observation.ts";
import type { RunRecord } from "../release/release.ts";
import type { Problem } from "../../problem.ts";
import { composeObject } from "../../document/object.ts";

const list = z.array(z.string()).readonly();

/** A place in a container that is kept outside of it. */
const mountSchema = z.object({
  /** A volume with a name, one that only this container has, or a folder or file of the server. */
  kind: z.enum(["volume", "own volume", "folder"]),
  /** The name of the volume, or the path on the server. */
  source: z.string(),
  target: z.string(),
});

/** A container of a hand-made compose project. */
const containerSchema = z.object({
  name: z.string(),
  service: z.string(),
  image: z.string(),
  running: z.boolean(),
  /** As `serverPortText` writes them. */
  ports: list,
  mounts: z.array(mountSchema).readonly(),
});

/** A hand-made compose project: somebody ran `docker compose up`, and no stack has it. */
export const handMadeSchema = z.object({
  project: z.string(),
  /** The folder in which Compose was run, as Compose notes it; empty if it noted none. */
  folder: z.string(),
  containers: z.array(containerSchema).readonly(),
  networks: list,
});

/** A hand-made compose project whose place a stack has taken, and whose containers it keeps until they are given up. */
export const adoptionSchema = z.object({
  project: z.string(),
  done: z.boolean(),
  /** The names of the containers that are kept, as far as they are still there. */
  kept: list,
});

export type HandMade = Readonly<z.output<typeof handMadeSchema>>;
export type HandMadeContainer = HandMade["containers"][number];

/** The hand-made project that a stack takes over on one server. */
export interface AdoptedProject {
  readonly stack: string;
  /** The compose project that `adopt.project` names. */
  readonly project: string | undefined;
  readonly done: boolean;
  /** The stack's own compose projects, with their parts. */
  readonly projects: Readonly<Record<string, string>>;
}

/** Everything that forbids to take over the project, or to stop doing so. */
export function ensureProjectCanBeAdopted(wanted: AdoptedProject, observation: Observation): Problem[] {
  const { adoption } = observation;
  const { project, done } = wanted;
  if (adoption !== undefined && !adoption.done && adoption.project !== project) return [leftOpen(adoption.project)];
  if (project === undefined) return [];
  if (adoption !== undefined && adoption.project !== project) return [anotherGivenUp(adoption.project, project)];
  const path = "adopt.project";
  const part = Object.hasOwn(wanted.projects, project) ? wanted.projects[project] : "shared";
  if (part !== "shared") {
    const what = `is the project that slipway uses for this stack's ${partText(part)}, got '${project}'`;
    return [{ path, what, todo: "choose another `project` for the stack" }];
  }
  const claimed = ensureNoStackHasProject(project, wanted.stack, observation.claims);
  if (claimed.length > 0) return claimed;
  if (adoption === undefined && observation.applied.some(({ object }) => object === composeObject(project, false))) {
    const what = `is the project of this stack itself, which is deployed there, got '${project}'`;
    return [{ path, what, todo: "remove the key" }];
  }
  if (adoption === undefined) return [...missingProblems(project, observation), ...(done ? [notBegun(project)] : [])];
  return done && !adoption.done ? runProblems(project, observation.release?.records ?? []) : [];
}

/** Requires that no other stack has a compose project, be it of its own or adopted. */
export function ensureNoStackHasProject(
  project: string,
  stack: string,
  claims: readonly Pick<ClaimFact, "stack" | "projects">[],
): Problem[] {
  const owner = claims.find((claim) => claim.stack !== stack && claim.projects.includes(project));
  if (owner === undefined) return [];
  const what = `is a compose project of stack '${owner.stack}' on this server, got '${project}'`;
  return [{ path: "adopt.project", what, todo: "name one that no stack has, or remove the key" }];
}

function partText(part: string | undefined): string {
  return part === "proxy" || part === "migration" ? part : `release in ${part ?? ""}`;
}

function leftOpen(project: string): Problem {
  return {
    path: "adopt.project",
    what: `was '${project}', whose containers are kept to go back, and is no longer named`,
    todo: `name it again; then \`slipway adopt --done\` gives them up, or \`slipway adopt --undo\` starts them again`,
  };
}

function anotherGivenUp(former: string, project: string): Problem {
  return {
    path: "adopt.project",
    what: `was '${former}', whose containers are given up, got '${project}'`,
    todo: "remove adopt.project and adopt.done, run `slipway up`, and then `slipway adopt`",
  };
}

/** Requires that a stack has not adopted a project yet: those that `slipway adopt` finds then may be its own. */
export function ensureNothingAdopted({ adoption }: Pick<Observation, "adoption">): Problem[] {
  if (adoption === undefined) return [];
  const { project, done } = adoption;
  if (!done) {
    const what = `the stack has taken over '${project}' already, and keeps its old containers`;
    return [{ path: "adopt", what, todo: "run `slipway adopt --done` or `slipway adopt --undo` first" }];
  }
  const what = `the stack has taken over '${project}' already, and its old containers are given up`;
  const todo = "to adopt another project, remove adopt.project and adopt.done, and run `slipway up` first";
  return [{ path: "adopt", what, todo }];
}

/** The hand-made projects that a stack may adopt: all but those that slipway made for the stack itself. */
export function adoptableProjects(
  projects: AdoptedProject["projects"],
  { handMade, applied }: Pick<Observation, "handMade" | "applied">,
): HandMade[] {
  return handMade.filter(({ project }) => {
    if (!Object.hasOwn(projects, project)) return true;
    return projects[project] === "shared" && applied.every(({ object }) => object !== composeObject(project, false));
  });
}

function missingProblems(project: string, { handMade }: Pick<Observation, "handMade">): Problem[] {
  if (handMade.some((one) => one.project === project && one.containers.length > 0)) return [];
  const what = `is not a compose project with containers on this server, got '${project}'`;
  return [{ path: "adopt.project", what, todo: "see `docker compose ls --all` there, or remove the key" }];
}

function notBegun(project: string): Problem {
  const what = `gives up the containers of '${project}', which this stack has not taken over yet`;
  return { path: "adopt.done", what, todo: "remove it, run `slipway up`, and set it once everything works" };
}

/** Containers to go back to are given up only after a run that ended well. */
function runProblems(project: string, records: readonly RunRecord[]): Problem[] {
  const last = records.filter(({ verdict }) => verdict !== "begun").at(-1);
  if (last === undefined || last.verdict === "done" || last.verdict === "verified") return [];
  const what = `gives up the containers of '${project}', and the last run did not end well (${last.verdict})`;
  return [{ path: "adopt.done", what, todo: "remove it, and set it after a run that ends well" }];
}
