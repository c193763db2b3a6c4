import type { Problem } from "../../model/problem.ts";
import { isSecretName } from "../../model/policy/secret-name.ts";
import { isPlaceholder } from "./found-variable.ts";

/** A tracked file, and a way to read it. */
export interface SuspectFile {
  readonly path: string;
  /** Undefined if it is not a file, or too large to be one with secrets. */
  readonly text: () => string | undefined;
}

const todo = "remove it with `git rm`, change every secret in it, and encrypt the new ones";

/** Tells whether a path is that of an env file in plain text (A10, F106). */
function isPlainEnv(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  return /^\.env$|^\.env\.(local|production|staging)(\.local)?$|\.env$/.test(name);
}

/** The problems of tracked files with secrets in plain text (A10, F106): env files, private keys, age keys. */
export function plainSecrets(files: readonly SuspectFile[]): Problem[] {
  return files.flatMap((file): Problem[] => {
    const named = /\.(plain|from-gitlab)\.env$/.test(file.path);
    if (named) return [{ path: file.path, what: "is an env file in plain text that git tracks", todo }];
    const text = file.text();
    if (text === undefined) return [];
    const key = keyIn(text);
    if (key !== undefined)
      return [{ path: `${file.path}:${key.line}`, what: `holds ${key.kind} that git tracks`, todo }];
    if (!isPlainEnv(file.path) || !holdsSecrets(text)) return [];
    return [{ path: file.path, what: "is an env file in plain text that git tracks", todo }];
  });
}

/** The expression with which git finds files that may hold keys. */
export const keyBeginnings = "AGE-SECRET-KEY-|BEGIN [A-Z ]*PRIVATE KEY";

/** Forms of whole keys. A header alone may be documentation or a pattern. */
const keyForms: readonly (readonly [RegExp, string])[] = [
  [/AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{50}/, "an age key"],
  [/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\r?\n(?:[A-Za-z-]+: [^\n]*\r?\n|\r?\n)*[A-Za-z0-9+/=]{40}/, "a private key"],
];

function keyIn(text: string): { readonly kind: string; readonly line: number } | undefined {
  for (const [form, kind] of keyForms) {
    const found = form.exec(text);
    if (found !== null) return { kind, line: text.slice(0, found.index).split("\n").length };
  }
  return undefined;
}

/**
 * Tells whether an env file contains a secret: a variable with a secret's name, or a password in an address. Public
 * settings of a front end may be tracked.
 */
function holdsSecrets(text: string): boolean {
  if (/^sops_mac=|^sops:/m.test(text)) return false;
  return text.split("\n").some((line) => {
    const [, name, value = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*["']?([^"'\s]+)/.exec(line) ?? [];
    if (name === undefined || isPlaceholder(value)) return false;
    return isSecretName(name) || /:\/\/[^/\s:@]*:[^/\s@]+@/.test(value);
  });
}
