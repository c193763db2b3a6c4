/** A text with variables: literal pieces and `${…}`, whose arguments are templates again. */
type Template = readonly (string | Substitution)[];

/** One variable in a text. */
interface Substitution {
  readonly name: string;
  /** `-` default, `?` error, `+` replacement; with a colon before it, an empty value counts as not set. */
  readonly operator: "" | "-" | ":-" | "?" | ":?" | "+" | ":+";
  readonly argument: Template;
}

/** Gives the value of a variable; undefined if it is not set. */
export type Lookup = (name: string) => string | undefined;

/** A filled template, or the variable that is missing and the reason in words. */
type Filled = { readonly text: string } | { readonly name: string; readonly reason: string };

const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const operator = /:?[-?+]/y;

/** Parses a text as Compose does; undefined if a `${` begins nothing that Compose knows. */
export function parseTemplate(text: string): Template | undefined {
  const parsed = parseFrom(text, 0, false);
  return parsed?.template;
}

/** Parses to the end of the text or, inside of braces, to their closing brace. Nested braces come in pairs. */
function parseFrom(text: string, start: number, inside: boolean): { template: Template; end: number } | undefined {
  const template: (string | Substitution)[] = [];
  let [at, open] = [start, 0];
  while (at < text.length && !(inside && open === 0 && text[at] === "}")) {
    if (beginsVariable(text, at)) {
      const found = parseSubstitution(text, at + 1);
      if (found === undefined) return undefined;
      template.push(found.substitution);
      at = found.end;
    } else {
      const letter = text.charAt(at);
      if (inside) open += letter === "{" ? 1 : letter === "}" ? -1 : 0;
      template.push(letter);
      at += text.startsWith("$$", at) ? 2 : 1;
    }
  }
  return inside && at >= text.length ? undefined : { template, end: at };
}

/** A `$` that is not followed by a name or a brace is a dollar sign, and so is `$$`. */
function beginsVariable(text: string, at: number): boolean {
  return text[at] === "$" && /^[A-Za-z_{]/.test(text.charAt(at + 1));
}

/** Parses what follows a `$`: a name, or a name in braces with an operator. */
function parseSubstitution(text: string, start: number): { substitution: Substitution; end: number } | undefined {
  const braced = text[start] === "{";
  const found = matchAt(name, text, braced ? start + 1 : start);
  if (found === undefined) return undefined;
  const behind = (braced ? start + 1 : start) + found.length;
  if (!braced) return { substitution: { name: found, operator: "", argument: [] }, end: behind };
  if (text[behind] === "}") return { substitution: { name: found, operator: "", argument: [] }, end: behind + 1 };
  const sign = matchAt(operator, text, behind);
  const argument = sign === undefined ? undefined : parseFrom(text, behind + sign.length, true);
  if (!isOperator(sign) || argument === undefined) return undefined;
  return { substitution: { name: found, operator: sign, argument: argument.template }, end: argument.end + 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function isOperator(sign: string | undefined): sign is Substitution["operator"] {
  return sign !== undefined && ["-", ":-", "?", ":?", "+", ":+"].includes(sign);
}

/** Splits a text at the first sign outside of variables; there is no second part if it has no such sign. */
export function splitTemplate(text: string, sign: string): readonly [first: string, second?: string] {
  let at = 0;
  while (at < text.length) {
    if (text[at] === sign) return [text.slice(0, at), text.slice(at + 1)];
    if (!beginsVariable(text, at)) at += text.startsWith("$$", at) ? 2 : 1;
    else at = parseSubstitution(text, at + 1)?.end ?? text.length;
  }
  return [text];
}

/** Fills in some variables, and leaves the others as they are written. Undefined if that cannot be written. */
export function fillSome(text: string, lookup: Lookup): string | undefined {
  const template = parseTemplate(text);
  if (template === undefined) return text;
  const filled = template.flatMap((piece) => fillPiece(piece, lookup));
  const written = filled.map(writePiece).join("");
  return JSON.stringify(parseTemplate(written)) === JSON.stringify(filled) ? written : undefined;
}

function fillPiece(piece: string | Substitution, lookup: Lookup): Template {
  if (typeof piece === "string") return [piece];
  const argument = piece.argument.flatMap((part) => fillPiece(part, lookup));
  const value = lookup(piece.name);
  if (value === undefined) return [{ ...piece, argument }];
  const present = value !== "" || !piece.operator.startsWith(":");
  if (piece.operator.endsWith("+")) return present ? argument : [];
  if (present) return value.split("");
  return piece.operator.endsWith("-") ? argument : [{ ...piece, argument }];
}

function writePiece(piece: string | Substitution): string {
  if (typeof piece === "string") return piece === "$" ? "$$" : piece;
  return `\${${piece.name}${piece.operator}${piece.argument.map(writePiece).join("")}}`;
}

/** Fills a template as Compose does, except that a variable without value and default is an error and not empty. */
export function fillTemplate(template: Template, lookup: Lookup): Filled {
  let text = "";
  for (const piece of template) {
    const filled = typeof piece === "string" ? { text: piece } : fillSubstitution(piece, lookup);
    if (!("text" in filled)) return filled;
    text += filled.text;
  }
  return { text };
}

function fillSubstitution(substitution: Substitution, lookup: Lookup): Filled {
  const { name, operator, argument } = substitution;
  const value = lookup(name);
  const present = value !== undefined && (value !== "" || !operator.startsWith(":"));
  if (operator.endsWith("+")) return present ? fillTemplate(argument, lookup) : { text: "" };
  if (present) return { text: value };
  if (operator.endsWith("-")) return fillTemplate(argument, lookup);
  const filled = fillTemplate(argument, lookup);
  const message = operator.endsWith("?") && "text" in filled && filled.text !== "" ? ` (${filled.text})` : "";
  return {
    name,
    reason: `needs the variable ${name}, which is ${value === undefined ? "not set" : "empty"}${message}`,
  };
}

/** Every variable that a template mentions; `needed` if Compose has no default for it. */
export function mentionsOf(template: Template): { name: string; needed: boolean }[] {
  return template.flatMap((piece) => {
    if (typeof piece === "string") return [];
    const needed = piece.operator === "" || piece.operator.endsWith("?");
    const inner = piece.operator.endsWith("?") ? [] : mentionsOf(piece.argument);
    return [{ name: piece.name, needed }, ...inner.map((mention) => ({ ...mention, needed: false }))];
  });
}
