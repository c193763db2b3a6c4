import { z } from "zod";
import type { StackState } from "../state/stack-state.ts";
import type { Work } from "../work.ts";
import type { ProjectPlace } from "./compose-command.ts";
import { Project } from "./project.ts";
import { Snapshot } from "./snapshot.ts";

/** A project, or the part of it that starts after the release. */
type Part = Pick<ProjectPlace, "project" | "directory" | "after">;

const schema = z.object({
  /** The number of the document. */
  unfinished: z.string(),
  project: z.string(),
  directory: z.string(),
  after: z.literal("release").optional(),
});

/** The names under which the containers of a part, and those of the other part of its project, are remembered. */
export function snapshotsOf({ project, after }: Pick<Part, "project" | "after">) {
  const [before, later] = [`containers of ${project}`, `containers of ${project} after the release`];
  return after === undefined ? { name: before, other: later } : { name: later, other: before };
}

/** Remembers that a document has begun to change a project, until it has ended well. */
export function rememberUnfinished(part: Part, { state, number }: Pick<Work, "state" | "number">): void {
  const { project, directory, after } = part;
  state.remember(memoryOf(part), { unfinished: number, project, directory, after });
}

/** The number of the document that has begun to change a project and has not ended well; undefined if none has. */
export function unfinishedNumber(part: Part, state: StackState): string | undefined {
  return state.memory(memoryOf(part), schema)?.unfinished;
}

/** Forgets it: its document has ended well, or the project is gone. */
export function forgetUnfinished(part: Part, state: StackState): void {
  state.forgetMemory(memoryOf(part));
}

/** Removes the projects that a document has begun to change and that were never applied. */
export async function removeUnfinished(work: Work): Promise<void> {
  for (const part of work.state.allMemory(schema)) {
    await new Project(part, work).removeAll();
    new Snapshot(work).forget(snapshotsOf(part));
    forgetUnfinished(part, work.state);
  }
}

function memoryOf(part: Part): string {
  return `unfinished ${snapshotsOf(part).name}`;
}
