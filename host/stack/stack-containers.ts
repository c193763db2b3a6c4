import type { Body } from "../../model/document/bodies.ts";
import { containersOfProject, type Container } from "../docker/container.ts";
import { Engine } from "../docker/engine.ts";
import { withoutKept } from "../state/adoption-memory.ts";
import type { View } from "../view.ts";

/** The part of a stack that one of its compose projects is. */
export type Part = Body<"claim">["projects"][string];

/** A container of a stack. */
export interface StackContainer {
  /** As people call it: without the colour that the compose file of a release adds. */
  readonly service: string;
  readonly part: Part;
  readonly container: Container;
}

/** The containers of every part of a stack, as its claim names them; those that are kept to go back are not its. */
export async function stackContainers(view: View): Promise<StackContainer[]> {
  const projects = view.state.body("claim")?.projects ?? {};
  const all = withoutKept(await Engine.during("stack", () => view.containers()), view.state);
  return Object.entries(projects).flatMap(([project, part]) =>
    containersOfProject(all, project).map((container) => ({
      ...{ part, container },
      service: container.service.replace(part === "blue" || part === "green" ? new RegExp(`-${part}$`) : "", ""),
    })),
  );
}
