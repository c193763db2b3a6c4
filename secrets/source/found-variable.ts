/** A variable of an environment as its source has it. */
export interface FoundVariable {
  readonly name: string;
  /** Undefined where it cannot be known here, since nobody gave the key that decrypts it. It stands in no message. */
  readonly value: string | undefined;
  /** Where it stands: `file:line`, or a path in the configuration. */
  readonly place: string;
}

/** How a message names a variable behind its place, which may name it already. */
export function subjectOf({ name, place }: Pick<FoundVariable, "name" | "place">): string {
  return place.endsWith(`.${name}`) || place.endsWith(` ${name}`) ? "" : `${name} `;
}
