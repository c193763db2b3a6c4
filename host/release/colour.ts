import type { Colour } from "../../model/facts/observation.ts";
import type { Container } from "../docker/container.ts";

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

/** The compose project of the stack's proxy. */
export function proxyProject({ project }: Pick<ReleasePlace, "project">): string {
  return `${project}-proxy`;
}

/** The name under which the containers of a colour are remembered as they were applied. */
export function snapshotName(colour: Colour): string {
  return `release in ${colour}`;
}

/** An address of a container in one of its networks; undefined while it has none. */
export function addressOf({ networks }: Pick<Container, "networks">): string | undefined {
  return [...networks.values()].map(({ address }) => address).find((address) => address !== "");
}
