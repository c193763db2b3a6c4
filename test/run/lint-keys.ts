import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import ts from "typescript";

/** Reads a file of the checkout, by its path from there; undefined if there is none. */
export type Read = (file: string) => string | undefined;

interface Source {
  readonly digest: string;
  readonly imports: readonly string[];
}

/**
 * Computes a key for each file, which stays the same as long as ESLint's verdict must. Our rules know types, so the
 * verdict on a file depends on all files that it imports, on those that declare global types, and on the files in
 * `settings`.
 */
export function lintKeys(
  files: readonly string[],
  settings: readonly string[],
  read: Read,
): ReadonlyMap<string, string> {
  const sources = new Map(files.map((file) => [file, readSource(file, read)]));
  const everywhere = [...settings, ...files.filter((file) => declares(read(file) ?? ""))];
  const common = everywhere.map((file) => digestOf(read(file) ?? ""));
  const known = (file: string): Source => {
    const source = sources.get(file) ?? readSource(file, read);
    sources.set(file, source);
    return source;
  };
  return new Map(
    files.map((file) => {
      const parts = [...reachable(file, known)].sort().map((other) => `${other} ${known(other).digest}`);
      return [file, digestOf([file, ...common, ...parts].join("\n"))];
    }),
  );
}

/** The file and all files that it imports, directly or not. */
function reachable(file: string, known: (file: string) => Source): ReadonlySet<string> {
  const found = new Set([file]);
  // The loop also reaches what is added to the set inside of it.
  for (const next of found) for (const imported of known(next).imports) found.add(imported);
  return found;
}

function readSource(file: string, read: Read): Source {
  const text = read(file) ?? "";
  const imported = file.endsWith(".json") ? [] : ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const own = imported.filter((name) => name.startsWith("."));
  return { digest: digestOf(text), imports: own.map((name) => join(dirname(file), name)) };
}

/** Tells if a file declares types for files that do not import it. */
function declares(text: string): boolean {
  return /^\s*declare (module|global)\b/m.test(text);
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
