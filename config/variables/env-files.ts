import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../model/problem.ts";
import { variableOfFile } from "../../model/stack/env/env-files.ts";
import { encryptedFile } from "../../secrets/source/encrypted-file.ts";
import type { EnvRequest, EnvSource } from "../../secrets/source/env-source.ts";
import type { FoundVariable } from "../../secrets/source/found-variable.ts";
import type { Draft } from "../draft.ts";
import { faults } from "./variable-problems.ts";

/** What the configuration says of env files that services name and git does not have. */
export interface EnvFileVariables {
  /** By path: the stack's variable, or one of the file's own, for each name in it. */
  readonly contents: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The variables of encrypted files of their own, named as among those of the stack. */
  readonly variables: readonly FoundVariable[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** The stack's variables as far as they are known: their names, and whether these are all. */
interface Known {
  readonly names: ReadonlySet<string>;
  readonly all: EnvSource["names"];
}

/** Reads what stands in the env files that the configuration names. */
export async function readEnvFiles(
  request: EnvRequest,
  files: Draft["env"]["files"],
  known: Known,
): Promise<EnvFileVariables> {
  const read = await Promise.all(
    Object.entries(files).map(async ([path, said]) =>
      "file" in said ? await readEncrypted(request, path, said.file) : namedVariables(path, said.names, known),
    ),
  );
  return {
    contents: Object.fromEntries(read.map(({ path, entries }) => [path, entries])),
    variables: read.flatMap(({ variables }) => variables),
    notes: read.flatMap(({ notes }) => notes),
    problems: read.flatMap(({ problems }) => problems),
  };
}

interface ReadFile extends Pick<EnvFileVariables, "variables" | "notes" | "problems"> {
  readonly path: string;
  readonly entries: Readonly<Record<string, string>>;
}

function namedVariables(path: string, names: Readonly<Record<string, string>>, { names: there, all }: Known): ReadFile {
  const missing = all === "known" ? Object.values(names).filter((name) => !there.has(name)) : [];
  const problems = [...new Set(missing)].map((name) => ({
    path: `env.files.${path}`,
    what: `names the variable ${name}, which is not set`,
    todo: `set variables.${name} or secrets.${name}, or correct the name`,
  }));
  return { path, entries: names, variables: [], notes: [], problems };
}

async function readEncrypted(request: EnvRequest, path: string, file: string): Promise<ReadFile> {
  const nothing = { path, entries: {}, variables: [], notes: [] };
  if (!existsSync(join(request.root, file))) {
    const what = `names an encrypted file that does not exist, got '${file}'`;
    const todo = "make it with `sops`, or name variables of the stack: [NAME, OTHER_NAME]";
    return { ...nothing, problems: [{ path: `env.files.${path}`, what, todo }] };
  }
  const settings = { ...request.settings, file: { path: file, named: true } };
  const source = await encryptedFile({ ...request, settings });
  const found = source?.variables ?? [];
  return {
    path,
    entries: Object.fromEntries(found.map(({ name }) => [name, variableOfFile(path, name)])),
    variables: found.map((variable) => ({ ...variable, name: variableOfFile(path, variable.name) })),
    notes: source?.notes ?? [],
    problems: [...(source?.problems ?? []), ...found.flatMap(faults)],
  };
}
