import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import ts from "typescript";

/** Gives the text of a file of the checkout, by its path from there; undefined where there is none. */
export type Read = (file: string) => string | undefined;

interface Source {
  readonly digest: string;
  readonly imports: readonly string[];
}

/**
 * A key for each file: it stays the same as long as ESLint's verdict must. Our rules know types, so the verdict of a file depends on all
 * the files that it imports, on those that declare something for everybody, and on what `settings` names.
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

/** The file and all that it imports, however far away. */
function reachable(file: string, known: (file: string) => Source): ReadonlySet<string> {
  const found = new Set([file]);
  // A set also hands out what is added while it is walked through.
  for (const next of found) for (const imported of known(next).imports) found.add(imported);
  return found;
}

function readSource(file: string, read: Read): Source {
  const text = read(file) ?? "";
  const imported = file.endsWith(".json") ? [] : ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  const own = imported.filter((name) => name.startsWith("."));
  return { digest: digestOf(text), imports: own.map((name) => join(dirname(file), name)) };
}

/** Whether a file changes types beyond those who import it. */
function declares(text: string): boolean {
  return /^\s*declare (module|global)\b/m.test(text);
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
