import { posix } from "node:path";
import type { ReaderContext } from "../context.ts";
import { parseDotenv } from "../env/dotenv.ts";
import { labelOf } from "./load.ts";
import type { Scope } from "./scope.ts";

/** The env files of an `include`. */
interface EnvFiles {
  /** Those that it names. */
  readonly files: readonly string[];
  /** The folder of the included project, whose `.env` counts if it names none. */
  readonly directory: string;
  readonly place: string;
}

/** The variables that only included files get. Those of the stack, and of the file that includes, come before them. */
export function includedVariables(
  context: ReaderContext,
  scope: Scope,
  env: EnvFiles,
): Readonly<Record<string, string>> {
  const all: Readonly<Record<string, string>> = { ...context.variables, ...scope.local };
  const known = (name: string): string | undefined => (Object.hasOwn(all, name) ? all[name] : undefined);
  const found = new Map<string, string>();
  for (const [name, value] of filesOf(context, env).flatMap((file) => variablesOf(context, file, { env, known }))) {
    context.asked.add(name); // the file counts only where the stack does not set it
    if (context.variables[name] === undefined && !context.secrets.includes(name)) found.set(name, value);
  }
  return { ...Object.fromEntries(found), ...scope.local };
}

function filesOf(context: ReaderContext, { files, directory }: EnvFiles): readonly string[] {
  if (files.length > 0) return files.filter((file) => file !== "/dev/null");
  // The project's own .env is the stack's, which slipway writes.
  const implied = posix.join(directory, ".env");
  const entry = directory === "." ? undefined : context.folder.entry(implied);
  if (entry?.kind !== "file") return [];
  if (entry.tracked !== undefined) return [implied];
  context.notes.push(`${labelOf(context, implied)} is not read, since git does not track it; the stack sets variables`);
  return [];
}

function variablesOf(
  context: ReaderContext,
  file: string,
  { env, known }: { env: EnvFiles; known: (name: string) => string | undefined },
): (readonly [string, string])[] {
  const refuse = (what: string, todo: string): [] => {
    context.problems.push({ path: env.place, what, todo });
    return [];
  };
  const label = labelOf(context, file);
  const entry = context.folder.entry(file);
  if (entry.kind !== "file") return refuse(`there is no env_file '${label}'`, "correct the path, or add the file");
  if (entry.tracked === undefined) {
    const todo = "commit it without secrets, which belong into the stack's `secrets`";
    return refuse(`the env_file '${label}' is not tracked by git`, todo);
  }
  const parsed = parseDotenv(context.folder.text(file) ?? "", known);
  if ("variables" in parsed) return [...parsed.variables];
  return refuse(`${label}:${parsed.line} is not a line of an env file`, "write NAME=value, and quotes that are closed");
}
