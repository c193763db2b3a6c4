import { lstatSync, readFileSync, statSync } from "node:fs";
import { basename, extname, isAbsolute, join } from "node:path";
import { UserError, type Problem } from "../../model/problem.ts";
import type { MigrationFile } from "../../model/migration/migration.ts";
import type { MigrationSet } from "../../model/migration/set.ts";
import { readTextFile } from "../whole-file.ts";
import { changesSince } from "./git.ts";

/** Where migrations are looked for. */
interface Search {
  /** The folder that paths begin at. */
  readonly folder: string;
  /** Files, folders, and `-` for stdin. */
  readonly places: readonly string[];
  /** The commit or branch with all merged migrations. */
  readonly base: string | undefined;
}

/** Kinds of files in which tools keep migrations that are programs. */
const programs = new Set([".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".php", ".java", ".kt", ".go"]);

/** Programs beside the migrations that are not migrations. */
const noMigrations = new Set(["__init__.py", "env.py"]);

/** Files that lead back: those of golang-migrate, Diesel and Flyway. */
const leadsBack = /(^|[._-])(down|undo)\.sql$|^U[0-9][^/]*__[^/]*\.sql$/;

const order = new Intl.Collator("en", { numeric: true });

/**
 * Reads the migrations that no database has yet. A file that is named is one, as a whole. Of a folder these are the
 * files that its branch added; each folder is a database of its own.
 */
export function readNewMigrations({ folder, places, base }: Search): MigrationSet[] {
  const problems: Problem[] = [];
  const named: MigrationFile[] = [];
  const sets: MigrationSet[] = [];
  for (const place of places) {
    const path = isAbsolute(place) ? place : join(folder, place);
    const found = place === "-" ? undefined : statSync(path, { throwIfNoEntry: false });
    if (place === "-") named.push(readStdin());
    else if (found === undefined)
      problems.push({ path: place, what: "is not there", todo: "name a file or a folder with migrations" });
    else if (!found.isDirectory()) named.push({ file: place, text: readTextFile(path, place) ?? "" });
    else if (base === undefined) problems.push(noBase(place));
    else sets.push(readFolder(place, path, base, problems));
  }
  problems.push(...named.filter(({ text }) => text.trim() === "").map(({ file }) => isEmpty(file)));
  if (named.length === 0) problems.push(...sets.flatMap(({ programs: unread }) => unread.map(isProgram)));
  if (problems.length > 0) throw new UserError(problems);
  return withNamed(sets, named);
}

/** Files that are named belong to the folder of programs from which they were printed, or else to no folder. */
function withNamed(sets: readonly MigrationSet[], named: readonly MigrationFile[]): MigrationSet[] {
  if (named.length === 0) return [...sets];
  const printedFrom = sets.findIndex(({ files, programs: own }) => own.length > 0 && files.length === 0);
  if (printedFrom < 0) return [...sets, { files: named, changed: [], deleted: [], back: [], programs: [] }];
  return sets.map((set, index) => (index === printedFrom ? { ...set, files: named } : set));
}

function readFolder(place: string, path: string, base: string, problems: Problem[]): MigrationSet {
  const { added, changed, deleted } = changesSince(base, path);
  const nameOf = (file: string): string => join(place, file);
  const migrations = (files: readonly string[]): string[] => files.filter(isMigration).sort(order.compare);
  const read = (file: string): MigrationFile => ({ file: nameOf(file), text: readTextFile(join(path, file)) ?? "" });
  const isSql = (file: string): boolean => extname(file) === ".sql";
  const isForth = (file: string): boolean => isSql(file) && !leadsBack.test(basename(file));
  const there = [...migrations(added), ...migrations(changed)].filter((file) => kindOf(join(path, file)) !== "missing");
  const others = there.filter((file) => kindOf(join(path, file)) === "other");
  problems.push(...others.map((file) => isNoFile(nameOf(file))));
  const here = migrations(added).filter((file) => kindOf(join(path, file)) === "file");
  return {
    files: here.filter(isForth).map(read),
    changed: migrations(changed)
      .filter((file) => !others.includes(file))
      .map((file) => (isSql(file) ? read(file) : { file: nameOf(file), text: "" })),
    deleted: migrations(deleted).map(nameOf),
    back: here.filter((file) => isSql(file) && !isForth(file)).map(nameOf),
    programs: here.filter((file) => !isSql(file)).map(nameOf),
  };
}

function isMigration(file: string): boolean {
  const kind = extname(file);
  return kind === ".sql" || (programs.has(kind) && !noMigrations.has(basename(file)));
}

/** A file that git knows as added may be removed again, or be a link. */
function kindOf(path: string): "file" | "missing" | "other" {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "missing";
  return found.isFile() ? "file" : "other";
}

/** A review shows where a link leads, and not the SQL that is run. */
function isNoFile(file: string): Problem {
  return { path: file, what: "is a link, or no regular file", todo: "put the file itself in its place" };
}

function readStdin(): MigrationFile {
  try {
    return { file: "stdin", text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(0)) };
  } catch (error) {
    const what = `cannot be read (${error instanceof Error ? error.message : String(error)})`;
    throw new UserError({ path: "stdin", what, todo: "pass what the migration tool prints as SQL" });
  }
}

function noBase(place: string): Problem {
  const what = `has no value, and '${place}' is a folder, of which only new files are checked`;
  return { path: "--base", what, todo: "name the branch with the merged migrations, such as --base origin/main" };
}

function isEmpty(file: string): Problem {
  const todo = file === "stdin" ? "see why the program before it printed nothing" : "leave it out, or see what made it";
  return { path: file, what: "is empty", todo };
}

function isProgram(file: string): Problem {
  const todo = "pass what its tool prints as SQL as a further file, or on stdin as `-` (docs/data.md)";
  return { path: file, what: "is a new migration that is not SQL", todo };
}
