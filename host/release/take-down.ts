import type { Colour } from "../../model/colour.ts";
import { messageOf } from "../../model/problem.ts";
import { Project } from "../project/project.ts";
import { removeUnused } from "../network/unused.ts";
import { Snapshot } from "../project/snapshot.ts";
import type { Work } from "../work.ts";
import { colourPlace, snapshotOf, type ReleasePlace } from "../colours/colour.ts";
import { Colours } from "../colours/colours.ts";
import { Routes } from "../colours/routes.ts";

/** Takes a colour down: its containers, its networks, and the files that were written for it. */
export async function takeDown(place: ReleasePlace, colour: Colour, work: Work): Promise<void> {
  const routes = new Routes(place, work.engine);
  if (routes.otherHead()?.colour === colour) routes.forgetOther();
  await removeAll(new Project(colourPlace(place, colour), work), work);
  new Snapshot(work).forget(snapshotOf(colour));
  Colours.read(work.state, place, routes.head()).clear(colour);
  await removeUnused(work);
}

/** A network that cannot be removed does not block the next release in this colour, which uses it. */
async function removeAll(project: Project, work: Work): Promise<void> {
  try {
    await project.removeAll();
  } catch (error) {
    work.changed();
    if ((await project.allContainers()).length > 0) throw error;
    work.say("release", messageOf(error));
    project.files.remove((message) => work.say("release", message));
  }
}
