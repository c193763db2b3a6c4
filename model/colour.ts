/** The colours of a release: one serves, and the next release comes up in the other. */
export const colours = ["blue", "green"] as const;

export type Colour = (typeof colours)[number];

export function otherColour(colour: Colour): Colour {
  return colour === "blue" ? "green" : "blue";
}

/** The name of a release service in a colour, or in the placeholder of one. */
export function serviceInColour(service: string, colour: string): string {
  return `${service}-${colour}`;
}

/** The compose project of a part of a stack, such as its proxy or a colour; `project` is that of the stack. */
export function projectOf(part: string, project: string): string {
  return `${project}-${part}`;
}
