import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { Problem } from "../../model/problem.ts";
import { isSecretName } from "../../model/policy/secret-name.ts";
import { ageKeyVariables, readAgeKeys, shortRecipient, type AgeKeys } from "../age/key.ts";
import type { EnvRequest, EnvSource } from "./env-source.ts";
import type { FoundVariable } from "./found-variable.ts";
import { readerNotes, readerProblems } from "../sops/recipients.ts";
import type { SopsMetadata } from "../sops/metadata.ts";
import { readBySopsProgram, sopsWords, type ForeignFile, type SopsFormat } from "../sops/program.ts";
import { readSops, type ReadSops } from "../sops/read.ts";

/**
 * The encrypted file as a source; undefined if there is none. A file that cannot be read is an error, and no other
 * source is tried (A1, F101).
 */
export async function encryptedFile(request: EnvRequest): Promise<EnvSource | undefined> {
  const { path, named } = request.settings.file;
  const found = readText(join(request.root, path), path);
  if (found === undefined && !named) return undefined;
  const source = {
    ...{ name: path, kind: "file" as const, ...nothing },
    add: (variable: string) => `add ${variable} with \`${sopsWords(path)}\``,
  };
  if (found === undefined) {
    const todo = "correct env.file, or make the file with `slipway env init`";
    return {
      ...source,
      problems: [{ path: "env.file", what: `names a file that does not exist, got '${path}'`, todo }],
    };
  }
  if (typeof found !== "string") return { ...source, problems: [found] };
  return { ...source, ...(await readFile(request, path, found)) };
}

function readText(file: string, path: string): string | Problem | undefined {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
  } catch (error) {
    const what = error instanceof TypeError ? "is not UTF-8 text" : "exists, but cannot be read as a file";
    return { path, what, todo: "restore it from the repository: `git checkout`" };
  }
}

type Read = Pick<EnvSource, "variables" | "empty" | "notes" | "problems" | "names" | "values">;

const nothing: Read = { variables: [], empty: [], notes: [], problems: [], names: "known", values: "known" };

async function readFile(request: EnvRequest, path: string, text: string): Promise<Read> {
  const { keys, problems: ofKeys } = await readAgeKeys(request.process);
  if (ofKeys.length > 0) return { ...nothing, problems: ofKeys };
  const format = formatOf(text);
  const sops: ReadSops =
    format === "dotenv"
      ? await readSops(path, text, keys)
      : { problems: formProblems(path, text, format), foreign: `it is ${format.toUpperCase()}` };
  const readers = { root: request.root, path, metadata: sops.metadata };
  const wrong = [...sops.problems, ...readerProblems(readers, keys)];
  if (sops.foreign !== undefined && wrong.length === 0) {
    return await readForeign(request, { path, file: join(request.root, path), format, why: sops.foreign }, keys);
  }
  const { variables = [], empty = [], unencrypted = [] } = sops.content ?? {};
  // Without a key the hash cannot be verified either, even if no value is encrypted.
  const locked = keys === undefined && sops.content !== undefined;
  const absent = locked && request.purpose === "run" ? [noKey(path, sops.metadata, request.process)] : [];
  const inClear = unencrypted.filter(isSecretName).map((name) => clearProblem(variables, path, name));
  const clear = unencrypted.length === 0 ? [] : [`${path}: has unencrypted values: ${unencrypted.join(", ")}`];
  const notes = [...readerNotes(readers), ...clear];
  const problems = [...wrong, ...absent, ...inClear];
  return { variables, empty, notes, problems, names: "known", values: locked ? "not known here" : "known" };
}

/** Reads a file that only the `sops` program can decrypt, and notes the reason. */
async function readForeign(request: EnvRequest, file: ForeignFile, keys: AgeKeys | undefined): Promise<Read> {
  const { path, why } = file;
  if (request.purpose !== "run" && keys === undefined) {
    return {
      ...nothing,
      names: "not known here",
      values: "not known here",
      notes: [`${path}: is left to the sops program, since ${why}`],
    };
  }
  const { variables, problems } = await readBySopsProgram(file, keys, request.process);
  const notes = [`${path}: is decrypted by the sops program, since ${why}`];
  return { ...nothing, ...splitEmpty(variables), notes, problems };
}

function splitEmpty(variables: readonly FoundVariable[]): Pick<Read, "variables" | "empty"> {
  return {
    variables: variables.filter(({ value }) => value !== ""),
    empty: variables.filter(({ value }) => value === ""),
  };
}

function formatOf(text: string): SopsFormat {
  if (text.trimStart().startsWith("{")) return "json";
  return /^sops:\s*$/m.test(text) ? "yaml" : "dotenv";
}

/** The problems of a YAML or JSON file that `sops` overlooks: of a repeated key it takes one. */
function formProblems(path: string, text: string, format: SopsFormat): Problem[] {
  return parseDocument(text, { uniqueKeys: true }).errors.map(({ linePos, code }) => ({
    path: `${path}:${linePos?.[0].line ?? 1}`,
    what: code === "DUPLICATE_KEY" ? "repeats an earlier key" : `is not ${format.toUpperCase()}`,
    todo: "correct it, or restore it from the repository",
  }));
}

/**
 * The problem of a missing age key: it may be set for another environment, or for protected branches only (F105, F115).
 */
function noKey(path: string, metadata: SopsMetadata | undefined, environment: NodeJS.ProcessEnv): Problem {
  const readers = (metadata?.age ?? []).map(({ recipient }) => shortRecipient(recipient)).join(", ");
  const branch =
    environment["CI_COMMIT_REF_PROTECTED"] === "false"
      ? "; this branch is not protected, so protected variables are missing"
      : "";
  const what = `no age key is given to decrypt it (for ${readers})`;
  return { path, what, todo: `set ${ageKeyVariables.join(", ")} for this environment${branch}` };
}

function clearProblem(variables: readonly FoundVariable[], path: string, name: string): Problem {
  const place = variables.find((variable) => variable.name === name)?.place ?? path;
  const what = `${name} is not encrypted, and its name says that it is secret`;
  return { path: place, what, todo: "encrypt it: rename it, or change the rule in .sops.yaml, and make a new value" };
}
