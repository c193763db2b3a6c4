import type { Problem } from "../../model/problem.ts";
import { isSecretName } from "../../model/policy/secret-name.ts";
import { isPlaceholder } from "./found-variable.ts";

/** A tracked file, and a way to read it. */
export interface SuspectFile {
  readonly path: string;
  /** Undefined if it is not a file, or too large to be one with secrets. */
  readonly text: () => string | undefined;
  /**
   * A service reads its variables from it.
   *
   * @default false
   */
  readonly isUsed?: boolean;
}

/** A file that git tracks, with what is wrong with that. */
interface PlainSecret extends Problem {
  /** From the top of the repository. */
  readonly file: string;
}

/** Reasons by path from the top of the repository, and what is said of files for which there is one. */
interface CheckedFiles {
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** Refuses tracked files with secrets in plain text, but for those of which the stack says why they may stay (A10). */
export function checkTrackedFiles(
  files: readonly SuspectFile[],
  reasons: Readonly<Record<string, string>>,
): CheckedFiles {
  const found = plainSecrets(files);
  const reasonOf = (file: string): string | undefined => (Object.hasOwn(reasons, file) ? reasons[file] : undefined);
  const unused = Object.keys(reasons).filter((file) => !found.some((secret) => secret.file === file));
  return {
    problems: [
      ...found
        .filter(({ file }) => reasonOf(file) === undefined)
        .map(({ file, path, what, todo }) => ({
          ...{ path, what },
          todo: `${todo}, or say in policy.tracked why '${file}' may stay`,
        })),
      ...unused.map((file) => ({
        path: `policy.tracked.${file}`,
        what: `is the reason for a file in which nothing is found, got '${file}'`,
        todo: "remove it",
      })),
    ],
    notes: found.flatMap(({ file, path, what }) => {
      const reason = reasonOf(file);
      return reason === undefined ? [] : [`${path}: ${what}; it stays: ${reason}`];
    }),
  };
}

/** Tells whether a path is that of an env file in plain text (A10, F106). */
function isPlainEnv(path: string): boolean {
  const name = path.split("/").at(-1) ?? "";
  if (/(^|[._-])(example|sample|template|dist)([._-]|$)/i.test(name)) return false;
  return /^\.env$|^\.env\.(local|production|staging)(\.local)?$|\.env$/.test(name);
}

/** The tracked files with secrets in plain text (A10, F106): env files, private keys, age keys. */
export function plainSecrets(files: readonly SuspectFile[]): PlainSecret[] {
  return files.flatMap((file): PlainSecret[] => {
    const { path, isUsed = false } = file;
    const remove = "remove it with `git rm`, change every secret in it, and encrypt the new ones";
    const plain = "is an env file in plain text that git tracks";
    if (/\.(plain|from-gitlab)\.env$/.test(path)) return [{ file: path, path, what: plain, todo: remove }];
    const text = file.text();
    if (text === undefined) return [];
    const key = keyIn(text);
    if (key !== undefined) {
      return [{ file: path, path: `${path}:${key.line}`, what: `holds ${key.kind} that git tracks`, todo: remove }];
    }
    const names = isUsed || isPlainEnv(path) ? secretsIn(text) : [];
    if (names.length === 0) return [];
    const what = `${plain}, with values of ${names.join(", ")}`;
    // Without the file, services would lose everything else in it.
    const todo = `write \`NAME=\${NAME}\` for each of them, and give the stack new values (docs/secrets.md)`;
    return [{ file: path, path, what, todo: isUsed ? todo : remove }];
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
 * The names in an env file whose values are secrets: a variable with a secret's name, or a password in an address.
 * Public settings of a front end may be tracked, and so may a reference to another variable.
 */
function secretsIn(text: string): string[] {
  if (/^sops_mac=|^sops:/m.test(text)) return [];
  const names = text.split("\n").flatMap((line) => {
    const [, name, written = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)/.exec(line) ?? [];
    const [value = ""] = /[^"'\s]+/.exec(withoutVariables(written)) ?? [];
    if (name === undefined || value === "" || isPlaceholder(value)) return [];
    return isSecretName(name) || /:\/\/[^/\s:@]*:[^/\s@]+@/.test(value) ? [name] : [];
  });
  return [...new Set(names)].sort();
}

/**
 * A value without the variables that Compose fills in; a default of one is a value. In single quotes there is none, and
 * a dollar sign before small letters may be the beginning of a password.
 */
function withoutVariables(written: string): string {
  if (written.startsWith("'")) return written;
  return written.replaceAll(/\$(?:[A-Z_][A-Z0-9_]*\b|\{[A-Za-z_]\w*(?::?\?[^{}]*)?\})/g, "");
}
