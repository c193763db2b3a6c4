import { projectOf, type Colour } from "../../model/colour.ts";

/** A compose project on this server, and the folder of its compose file. */
export interface ReleasePlace {
  readonly directory: string;
  readonly project: string;
}

/** The compose project of one colour, with its env file; `place` is that of the whole stack. */
export function colourPlace({ directory, project }: ReleasePlace, colour: Colour): ReleasePlace & { env: string } {
  const folder = `${directory}/${colour}`;
  return { directory: folder, project: projectOf(colour, project), env: `${folder}/.env` };
}

/** The memory of the containers of a colour as they were applied. */
export function snapshotOf(colour: Colour): { readonly name: string } {
  return { name: `release in ${colour}` };
}
