/** Tells whether SOPS encrypts a variable. `comments` are those directly above it. */
export type EncryptionRule = (name: string, comments: readonly string[]) => boolean;

/** The entries of SOPS that choose what is encrypted; a file has at most one of them. */
export const ruleNames = [
  "unencrypted_suffix",
  "encrypted_suffix",
  "unencrypted_regex",
  "encrypted_regex",
  "unencrypted_comment_regex",
  "encrypted_comment_regex",
] as const;

/** One such entry, with its text. */
export interface SopsRule {
  readonly name: (typeof ruleNames)[number];
  readonly text: string;
}

/** SOPS' rule for a file that has none of these entries. */
export const defaultRule: SopsRule = { name: "unencrypted_suffix", text: "_unencrypted" };

/** The rule as a function; undefined if only SOPS itself can read its expression. */
export function encryptionRule({ name, text }: SopsRule): EncryptionRule | undefined {
  if (name === "unencrypted_suffix") return (variable) => !variable.endsWith(text);
  if (name === "encrypted_suffix") return (variable) => variable.endsWith(text);
  const pattern = expression(text);
  if (pattern === undefined) return undefined;
  const some = (comments: readonly string[]): boolean => comments.some((comment) => pattern.test(comment));
  if (name === "unencrypted_regex") return (variable) => !pattern.test(variable);
  if (name === "encrypted_regex") return (variable) => pattern.test(variable);
  if (name === "unencrypted_comment_regex") return (_, comments) => !some(comments);
  return (_, comments) => some(comments);
}

/** A Go expression, as SOPS uses it, in JavaScript. The languages agree except for leading flags and named classes. */
function expression(text: string): RegExp | undefined {
  const [, flags = "", rest = text] = /^\(\?([is]+)\)(.*)$/s.exec(text) ?? [];
  if (/\[\[:|\\[zAQEpP]|\(\?[^:=!<]/.test(rest)) return undefined;
  try {
    return new RegExp(rest, flags);
  } catch {
    return undefined;
  }
}
