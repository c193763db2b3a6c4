import { z } from "zod";
import type { Difference } from "../../model/facts/observation.ts";
import type { Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { hasEndedWell, isFinishedJob } from "../health/wait.ts";
import type { View } from "../view.ts";
import { factsOf, isSecret, type ContainerFacts } from "./container-facts.ts";
import type { ProjectView } from "./project-view.ts";

/** By name: what each container was when it was applied, of which service, and whether it was a job that had ended. */
const memorySchema = z.record(
  z.string(),
  z.object({ service: z.string(), facts: z.record(z.string(), z.string()), ended: z.boolean() }),
);

type Kept = Readonly<z.output<typeof memorySchema>>;

/** The name of a memory, and that of the other document of the same project if it has two. */
interface Memory {
  readonly name: string;
  readonly other?: string;
}

/**
 * What the containers of a project were when its document was applied, so that a change by hand is named (F96). Only
 * root reads where it is kept; values that may be secret are kept as hashes.
 */
export class Snapshot {
  readonly #view: View;
  readonly #joined: ReadonlySet<string>;

  /** The networks `joined` are joined without the compose file, and are compared elsewhere. */
  constructor(view: View, joined: ReadonlySet<string> = new Set()) {
    this.#view = view;
    this.#joined = joined;
  }

  /** Remembers the containers of a project as they are now. */
  async remember({ name }: Memory, project: ProjectView): Promise<void> {
    const own = (await project.containers()).map((container): [string, Kept[string]] => {
      const { service } = container;
      return [container.name, { service, facts: factsOf(container, this.#joined), ended: hasEndedWell(container) }];
    });
    this.#view.state.remember(name, Object.fromEntries(own));
  }

  /** Leaves what is remembered of a service to the document that starts it from now on, which is applied later. */
  handOver({ name, other = "" }: Memory, project: ProjectView): void {
    const theirs = this.#memory(other);
    const { beside = [] } = project.place;
    const left = Object.entries(this.#memory(name) ?? {}).filter(([, { service }]) => beside.includes(service));
    if (theirs !== undefined && left.length > 0)
      this.#view.state.remember(other, { ...Object.fromEntries(left), ...theirs });
  }

  /** Tells whether a container had ended well when it was applied; undefined if nothing is remembered. */
  hadEnded({ name }: Memory, container: Container): boolean | undefined {
    const kept = this.#memory(name);
    return kept && kept[container.name]?.ended === true;
  }

  forget({ name }: Memory): void {
    this.#view.state.forgetMemory(name);
  }

  /** Everything in the project's containers and files that is not as it was applied; ill health is not among it. */
  async differences(memory: Memory, project: ProjectView): Promise<Difference[]> {
    const kept = this.#kept(memory, project);
    if (kept === undefined) {
      return [{ where: project.place.project, expected: "what was applied", found: "nothing that is remembered" }];
    }
    const now = await project.containers();
    const all = new Map((await this.#view.containers()).map((container) => [container.name, container]));
    const expected = new Set([...Object.keys(kept), ...unmade(project, now)]);
    return [
      ...project.fileDifferences(),
      ...now.flatMap((container) => this.#changesOf(container, kept[container.name]?.facts)),
      ...[...expected].flatMap((container) =>
        stateOf({ name: container, ended: kept[container]?.ended === true }, all.get(container), now),
      ),
    ];
  }

  /**
   * The containers that must be removed so that Compose makes them again: it would keep one that was changed behind
   * its back, and cannot start one whose network is gone.
   */
  async changed(memory: Memory, project: ProjectView): Promise<Container[]> {
    const found = this.#kept(memory, project);
    const kept = found ?? {};
    const isKnown = found !== undefined; // otherwise a first run was killed, and nothing was applied yet
    const containers = await project.containers();
    const networks = new Set(
      (await Engine.during(project.place.project, () => this.#view.networks())).map(({ Id }) => Id),
    );
    return containers.filter(
      (container) =>
        (isKnown && this.#changesOf(container, kept[container.name]?.facts).length > 0) ||
        isUnconnected(container, networks),
    );
  }

  /** What is remembered of the project's services, also by the document that started one of them before. */
  #kept({ name, other = "" }: Memory, project: ProjectView): Kept | undefined {
    const own = this.#memory(name);
    if (own === undefined) return undefined;
    const { beside = [] } = project.place;
    const services = new Set(project.containerNames().values());
    const moved = Object.entries(this.#memory(other) ?? {}).filter(([, { service }]) => services.has(service));
    const all = [...moved, ...Object.entries(own)].filter(([, { service }]) => !beside.includes(service));
    return Object.fromEntries(all);
  }

  #changesOf(container: Container, kept: ContainerFacts | undefined): Difference[] {
    const { name } = container;
    if (kept === undefined) return [{ where: name, expected: "no such container", found: "a container" }];
    const now = factsOf(container, this.#joined);
    const fields = [...new Set([...Object.keys(kept), ...Object.keys(now)])].sort();
    return fields
      .filter((field) => kept[field] !== now[field] && !this.#joined.has(field.replace(/^network /, "")))
      .map((field) => ({ where: `${name} ${field}`, ...shown(field, kept[field], now[field]) }));
  }

  #memory(name: string): Kept | undefined {
    return this.#view.state.memory(name, memorySchema);
  }
}

/** A run that failed remembers only what Compose had made by then; the compose file names the services of the rest. */
function unmade(project: ProjectView, now: readonly Container[]): string[] {
  const names = [...project.containerNames()].filter(([, service]) => !now.some((one) => one.service === service));
  return names.map(([name]) => name);
}

/** Shows nothing that could be tried against a list of passwords. */
function shown(field: string, kept: string | undefined, now: string | undefined): Omit<Difference, "where"> {
  const hidden = isSecret(field);
  return {
    expected: kept === undefined ? "none" : hidden ? "the value that was applied" : kept,
    found: now === undefined ? "none" : hidden ? "another value" : now,
  };
}

/** A container that restarts is ill, and no change of the document would mend it. */
function stateOf(
  { name, ended }: { readonly name: string; readonly ended: boolean },
  container: Container | undefined,
  ours: readonly Container[],
): Difference[] {
  const difference = (found: string): Difference[] => [{ where: name, expected: "running", found }];
  if (container === undefined) return difference("missing");
  if (!ours.some(({ id }) => id === container.id)) return difference("another container of that name");
  const { state, exitCode } = container;
  if (state === "running" || state === "restarting") return [];
  if (isFinishedJob(container) || (ended && hasEndedWell(container))) return [];
  return difference(state === "exited" ? `exited (${exitCode})` : state);
}

/** A stopped container that names a network which is gone cannot start, whatever has the network's name now. */
function isUnconnected({ state, networks }: Container, there: ReadonlySet<string>): boolean {
  return state !== "running" && [...networks.values()].some(({ id }) => id !== "" && !there.has(id));
}
