/** Whether names or values are known. They are "not known here" where their key is missing, where their source is not asked, or where they could not be read. */
export type Known = "known" | "not known here";

/** A variable of an environment, from the place that sets it. */
export interface FoundVariable {
  readonly name: string;
  /** Undefined where it is not known here. It must not appear in a message. */
  readonly value: string | undefined;
  /** `file:line`, or a path in the configuration. */
  readonly place: string;
}

/** How a message names a variable behind its place, which may name it already. */
export function subjectOf({ name, place }: Pick<FoundVariable, "name" | "place">): string {
  return place.endsWith(`.${name}`) || place.endsWith(` ${name}`) ? "" : `${name} `;
}

const placeholder =
  /^(change[-_ ]?(me|this|it).*|x{3,}|\*{3,}|\.{3,}|…+|todo|tbd|fixme|replace[-_ ]?(me|this).*|your[-_ ].*|<[^<>]*>|\[[^[\]]*\]|example|dummy|placeholder|none|null|undefined|insert[-_ ].*|fill[-_ ]?me.*)$/i;

/** Whether somebody meant to write the real value later (F109). */
export function isPlaceholder(value: string): boolean {
  return placeholder.test(value.trim());
}
