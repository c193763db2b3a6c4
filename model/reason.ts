/** The most characters of the reason that a person gives for an act. */
const longest = 1000;

/** The same in words, for whoever gave none of that form. */
export const reasonForm = `at most ${longest} characters, without line breaks and other control characters`;

/** Tells a text that stands in one line of a record, for people at night. */
export function isReason(text: string): boolean {
  return text.length <= longest && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

/** A reason for people, in one line: one of a record may be as long as what failed made it. */
export function shortReason(text: string): string {
  const start = text
    .slice(0, 2 * longest)
    .replaceAll(/\s+/g, " ")
    .trim();
  return start.length <= longest ? start : `${start.slice(0, longest - 1)}…`;
}
