/** The most characters of the reason that a person gives for an act. */
const longest = 1000;

/** The required form, in words for an error message. */
export const reasonForm = `at most ${longest} characters, without line breaks and other control characters`;

/** Tells whether a reason fits into one line of a record. */
export function isReason(text: string): boolean {
  return text.length <= longest && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

/** A reason in one line, shortened: the reason in a record can be an error of any length. */
export function shortReason(text: string): string {
  const start = text
    .slice(0, 2 * longest)
    .replaceAll(/\s+/g, " ")
    .trim();
  return start.length <= longest ? start : `${start.slice(0, longest - 1)}…`;
}
