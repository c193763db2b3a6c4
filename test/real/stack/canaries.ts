import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { secretForms } from "../secrets/secret-forms.ts";

/** Shapes of secrets; each `?` becomes a random part, so that no other run and no accident has the same text. */
const shapes = [
  ...["?", " ? behind and before ? ", "'?'", '"?"', '"?', "it's ?", "back\\slash\\?", "\\n is no line of ?\\"],
  ...["$HOME/?", "${?}", "$(echo ?)", "`?`", "%41%?%", "?+?/?=", "a&b;c|d<e>?", "[?]{?: ?}", "!? ~? *?", "# ?"],
  ...["-? --?", "?: - ? | >", "?,?,?", "\t?\t", "?\n?", "-----BEGIN X-----\n?\n-----END X-----\n?", "?\r\n?"],
  ...["grüße ?", "日本 ?", "🚀? 🚀", "postgres://user:?@host/?", `?${"long ".repeat(300)}?`],
];

/**
 * Thirty secrets of this run alone, since other runs share this machine. The contract knows their names by a prefix.
 */
export function newCanaries(): Readonly<Record<string, string>> {
  const filled = (shape: string): string => shape.replaceAll("?", () => `canary${randomBytes(8).toString("hex")}`);
  return Object.fromEntries(shapes.map((shape, index) => [`R2_CANARY_${index + 1}`, filled(shape)]));
}

/** All forms of many secrets. Each line of a multi-line secret is one, too. */
export function formsOf(secrets: readonly string[]): readonly string[] {
  const lines = secrets.flatMap((secret) => secret.split(/\r?\n/).filter((line) => line.includes("canary")));
  return [...new Set([...secrets, ...lines].flatMap(secretForms))].filter((form) => Buffer.byteLength(form) >= 8);
}
