import { posix } from "node:path";
import { parseDotenv } from "../../model/compose/env/dotenv.ts";
import { projectEnvFile } from "../../model/compose/env/env-files.ts";
import type { Problem } from "../../model/problem.ts";
import { findComposeFiles, placeOfFiles } from "../compose-files.ts";
import type { Draft } from "../draft.ts";
import { openRepository } from "../repository.ts";
import type { StackSource } from "../source.ts";
import { faults } from "./variable-problems.ts";

/** The variables of the stack, which come before those of the file, and the names of those that are secret. */
interface StackValues {
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly secret: ReadonlySet<string>;
  /** The names that slipway itself sets. */
  readonly own: ReadonlySet<string>;
}

/** The variables that the project's `.env` in git sets, and the stack does not. */
export interface Defaults {
  readonly variables: readonly { readonly name: string; readonly value: string | undefined }[];
  /** Those that have a secret in their value. */
  readonly secret: readonly string[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

const nothing: Defaults = { variables: [], secret: [], notes: [], problems: [] };

/** Settings of Compose and Docker themselves. */
const ofTools = /^(COMPOSE|DOCKER|BUILDKIT)_/;

/**
 * Reads the `.env` beside the compose file if git tracks it. Compose fills in variables from it, so its variables are
 * the stack's where the stack sets none of that name. One that git does not track is the developers' own.
 */
export function readDefaults({ root }: StackSource, draft: Draft, ofStack: StackValues): Defaults {
  const { paths } = findComposeFiles(draft.compose, openRepository(root));
  const { folder, prefix } = placeOfFiles(paths);
  const path = `${prefix}${projectEnvFile}`;
  const repository = openRepository(posix.join(root, folder));
  const entry = repository.entry(projectEnvFile);
  const isReplaced = Object.hasOwn(draft.env.files, path);
  if (paths.length === 0 || isReplaced || entry.kind !== "file" || entry.tracked === undefined) return nothing;
  return defaultsIn(path, repository.text(projectEnvFile) ?? "", ofStack);
}

function defaultsIn(path: string, text: string, { values, secret, own }: StackValues): Defaults {
  const hidden = new Set<string>();
  const unknown = new Set<string>();
  const parsed = parseDotenv(text, (name) => {
    if (secret.has(name)) return `\0${name}\0`;
    return values.get(name);
  });
  if (!("variables" in parsed)) {
    const problem = { path: `${path}:${parsed.line}`, what: "is not a line of an env file", todo: "write NAME=value" };
    return { ...nothing, problems: [problem] };
  }
  const variables = [...parsed.variables]
    .filter(([name]) => !values.has(name) && !ofTools.test(name))
    .map(([name, written]) => {
      const value = written.replaceAll(/\0([^\0]*)\0/g, (_, needed: string) => {
        hidden.add(name);
        const found = values.get(needed);
        if (found === undefined) unknown.add(name);
        return found ?? "";
      });
      return { name, value: unknown.has(name) ? undefined : value };
    });
  const names = [...parsed.variables.keys()];
  return {
    variables,
    secret: [...hidden],
    notes: notesOf(path, { used: variables.map(({ name }) => name), names, own }),
    problems: variables.flatMap((variable) => faults({ ...variable, place: path })),
  };
}

interface Names {
  readonly used: readonly string[];
  readonly names: readonly string[];
  readonly own: ReadonlySet<string>;
}

function notesOf(path: string, { used, names, own }: Names): string[] {
  const tools = names.filter((name) => ofTools.test(name) && !own.has(name));
  const replaced = names.filter((name) => own.has(name));
  const lines = [
    [used, "git tracks it, so it sets the variables that the stack does not"],
    [tools, "settings of Compose and Docker in it are not used"],
    [replaced, "slipway sets these itself"],
  ] as const;
  return lines.flatMap(([found, why]) =>
    found.length === 0 ? [] : [`${path}: ${why}: ${[...found].sort().join(", ")}`],
  );
}
