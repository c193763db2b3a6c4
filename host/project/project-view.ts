import type { Difference } from "../../model/facts/observation.ts";
import { containersOfProject, type Container } from "../docker/container.ts";
import { withoutKept } from "../state/adoption-memory.ts";
import { Engine } from "../docker/engine.ts";
import type { View } from "../view.ts";
import type { ProjectPlace } from "./compose-command.ts";
import { ProjectFiles } from "./project-files.ts";

/** A compose project on the server, as it is. */
export class ProjectView {
  readonly place: ProjectPlace;
  readonly view: View;
  readonly files: ProjectFiles;

  constructor(place: ProjectPlace, view: View) {
    this.place = place;
    this.view = view;
    this.files = new ProjectFiles(place, view.state);
  }

  /** Its containers, without those that `docker compose run` made. */
  async containers(): Promise<Container[]> {
    return (await this.allContainers()).filter(({ oneOff }) => !oneOff);
  }

  /** Its containers, with those that `docker compose run` made, but those that another document starts. */
  async allContainers(): Promise<Container[]> {
    const { project, beside = [] } = this.place;
    const names = this.containerNames();
    const all = await Engine.during(project, () => this.view.containers());
    const own = containersOfProject(withoutKept(all, this.view.state), project, names);
    return own.filter(({ service }) => !beside.includes(service));
  }

  /** By name: the service of each container that its compose file makes. */
  containerNames(): ReadonlyMap<string, string> {
    return this.files.containerNames();
  }

  /** Everything in its files that is not as it was delivered. */
  fileDifferences(): Difference[] {
    return this.files.differences();
  }
}
