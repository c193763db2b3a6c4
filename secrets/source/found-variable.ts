/**
 * The state of names or values. They are "not known here" if their key is missing, if their source was not asked, or if
 * they could not be read.
 */
export type Known = "known" | "not known here";

/** A variable of an environment, with the place that sets it. */
export interface FoundVariable {
  readonly name: string;
  /** Undefined if it is not known here. It must not appear in a message. */
  readonly value: string | undefined;
  /** `file:line`, or a path in the configuration. */
  readonly place: string;
}

/** The name of a variable as the subject of a message, or nothing if its place names it already. */
export function subjectOf({ name, place }: Pick<FoundVariable, "name" | "place">): string {
  return place.endsWith(`.${name}`) || place.endsWith(` ${name}`) ? "" : `${name} `;
}

/** The value that `slipway env init` writes for each variable. */
export const ownPlaceholder = "CHANGEME";

const placeholders = [
  /^(todo|tbd|fixme|example|dummy|placeholder|none|null|undefined)$/i,
  /^(x{3,}|\*{3,}|\.{3,}|…+|<[^<>]*>|\[[^[\]]*\])$/i,
  /^(change[-_ ]?(me|this|it)|replace[-_ ]?(me|this)|fill[-_ ]?me|your[-_ ]|insert[-_ ]).*$/i,
];

/** Tells whether a value is a placeholder for the real one (F109). */
export function isPlaceholder(value: string): boolean {
  return placeholders.some((form) => form.test(value.trim()));
}
