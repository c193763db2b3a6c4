const words =
  /^(change[-_ ]?(me|this|it).*|x{3,}|\*{3,}|\.{3,}|…+|todo|tbd|fixme|replace[-_ ]?(me|this).*|your[-_ ].*|<[^<>]*>|\[[^[\]]*\]|example|dummy|placeholder|none|null|undefined|insert[-_ ].*|fill[-_ ]?me.*)$/i;

/** Whether somebody meant to write the real value later (F109). */
export function isPlaceholder(value: string): boolean {
  return words.test(value.trim());
}
