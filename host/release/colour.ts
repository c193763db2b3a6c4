import type { Colour } from "../../model/facts/observation.ts";

export const colours = ["blue", "green"] as const satisfies readonly Colour[];

/** A compose project on this server, and the folder of its compose file. */
export interface ReleasePlace {
  readonly directory: string;
  readonly project: string;
}

export function otherColour(colour: Colour): Colour {
  return colour === "blue" ? "green" : "blue";
}

/** The compose project of one colour, with its env file; `place` is that of the whole stack. */
export function colourPlace({ directory, project }: ReleasePlace, colour: Colour): ReleasePlace & { env: string } {
  const folder = `${directory}/${colour}`;
  return { directory: folder, project: `${project}-${colour}`, env: `${folder}/.env` };
}

/** The name under which the containers of a colour are remembered as they were applied. */
export function snapshotName(colour: Colour): string {
  return `release in ${colour}`;
}
