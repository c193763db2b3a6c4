import { listOf, mapOf, textOf, type JsonMap } from "../../json.ts";
import type { EnvFile, RepositoryEnvFile } from "../application.ts";
import { readBoolean } from "../boolean.ts";
import { secretMark, type ReaderContext } from "../context.ts";
import { fileFaults } from "../mount/files.ts";
import type { TrackedFile } from "../folder.ts";
import type { NormalService } from "../normal-service.ts";
import { labelOf } from "../project/load.ts";
import { parseDotenv, type Dotenv } from "./dotenv.ts";
import { isGivenTo, whoGets } from "./only.ts";
import { rawToDotenv } from "./raw.ts";

/** The env file that Compose reads by itself, beside the compose file. */
export const projectEnvFile = ".env";

/** One entry of `env_file`, with its place and the service that names it. */
interface EnvFileEntry {
  readonly service: string;
  /** From the folder of the compose file. */
  readonly file: string;
  /** From the folder of the configuration. */
  readonly path: string;
  readonly optional: boolean;
  readonly raw: boolean;
  readonly place: string;
}

/** A service's env files, and the stack's variables that those of the repository need. */
interface ReadEnvFiles {
  readonly envFiles: readonly EnvFile[];
  readonly variables: readonly string[];
}

/** Reads the env files of a service in their order. */
export function readEnvFiles(context: ReaderContext, name: string, service: NormalService): ReadEnvFiles {
  const used = new Set<string>();
  const entries = listOf(service.fields["env_file"]).map((entry, index) =>
    entryOf(context, name, mapOf(entry), service.place("env_file", String(index))),
  );
  const earlier = new Map<string, string>();
  const envFiles = entries.flatMap((entry): EnvFile[] => {
    const found = envFileOf(context, entry, { used, earlier });
    if (found?.from === "repository") for (const [key, value] of Object.entries(found.values)) earlier.set(key, value);
    return found === undefined ? [] : [found];
  });
  return { envFiles, variables: [...used] };
}

function entryOf(context: ReaderContext, service: string, entry: JsonMap, place: string): EnvFileEntry {
  const file = textOf(entry["path"]) ?? "";
  return {
    ...{ service, file, place },
    path: file.startsWith("/") ? file : labelOf(context, file),
    optional: readBoolean(context, entry["required"], { place, name: "env_file.required" }) === false,
    raw: entry["format"] === "raw",
  };
}

/** What env files of the repository may refer to, and where the stack's variables that they use are collected. */
interface Around {
  readonly used: Set<string>;
  readonly earlier: ReadonlyMap<string, string>;
}

function envFileOf(context: ReaderContext, entry: EnvFileEntry, around: Around): EnvFile | undefined {
  const { service, file, path, optional, place } = entry;
  if (file === "") return undefined; // its path has a problem of its own
  const found = file.startsWith("/") ? ({ kind: "absent" } as const) : context.folder.entry(file);
  if (/\p{Cc}/u.test(path)) refuse(context, entry, "has a control character in its path", "rename it");
  else if (found.kind === "folder") refuse(context, entry, "is a folder", "name a file");
  if (/\p{Cc}/u.test(path) || found.kind === "folder") return undefined;
  const tracked = found.kind === "file" ? found.tracked : undefined;
  const isSet = contentOf(context, path) !== undefined;
  if (isSet || tracked === undefined) {
    if (isSet && tracked !== undefined)
      context.notes.push(`${service}: gets what env.files says of '${path}', not the file of the repository`);
    if (!isSet && optional && file !== projectEnvFile) {
      context.notes.push(
        `${service}: the optional env_file '${path}' is not there; an entry of env.files would make it`,
      );
      return undefined;
    }
    noteLost(context, entry);
    return { from: "stack", path, place };
  }
  return repositoryFile(context, entry, { tracked, around });
}

/** What the configuration says of an env file: for each name a variable. Undefined where it says nothing. */
export function contentOf({ envFiles }: Pick<ReaderContext, "envFiles">, path: string) {
  return Object.hasOwn(envFiles, path) ? envFiles[path] : undefined;
}

/** Names the variables that the service does not get, though a file of the stack holds them. */
function noteLost(context: ReaderContext, { service, path }: EnvFileEntry): void {
  const said = contentOf(context, path);
  const held = said === undefined ? [...Object.keys(context.variables), ...context.secrets] : Object.values(said);
  for (const variable of held.filter((one) => !isGivenTo(context, one, service)).sort())
    context.notes.push(`${service}: does not get ${variable} of '${path}', ${whoGets(context, variable)}`);
}

function refuse(context: ReaderContext, entry: EnvFileEntry, what: string, todo: string): void {
  const { service, path, place } = entry;
  context.problems.push({ path: place, what: `the env_file '${path}' of service '${service}' ${what}`, todo });
}

function repositoryFile(
  context: ReaderContext,
  entry: EnvFileEntry,
  { tracked, around }: { readonly tracked: TrackedFile; readonly around: Around },
): RepositoryEnvFile | undefined {
  const faults = fileFaults(context, tracked);
  for (const [what, todo] of faults) refuse(context, entry, what, todo);
  if (faults.length > 0) return undefined;
  const written = tracked.content();
  const read = entry.raw ? rawToDotenv(written) : { content: written };
  const parsed = "line" in read ? read : parseFor(context, entry, { content: read.content, around });
  if (!("content" in read) || "line" in parsed) {
    const line = "line" in parsed ? parsed.line : 1;
    refuse(context, entry, `has a line that is not a variable, got ${entry.path}:${line}`, "write NAME=value");
    return undefined;
  }
  for (const name of parsed.unset) refuseUnset(context, entry, name);
  const { path } = entry;
  return { from: "repository", path, content: read.content, values: Object.fromEntries(parsed.variables) };
}

/** Parses a file as Compose on the server will, with marks in the place of secrets. */
function parseFor(
  context: ReaderContext,
  entry: EnvFileEntry,
  { content, around }: { readonly content: Uint8Array; readonly around: Around },
): Dotenv {
  const { service } = entry;
  return parseDotenv(new TextDecoder().decode(content), (name) => {
    const isSecret = context.secrets.includes(name);
    if (!isSecret && !Object.hasOwn(context.variables, name)) return around.earlier.get(name);
    around.used.add(name);
    if (!isGivenTo(context, name, service))
      refuse(context, entry, `uses ${name}, ${whoGets(context, name)}`, `remove it there, or name '${service}' too`);
    return isSecret ? secretMark : context.variables[name];
  });
}

function refuseUnset(context: ReaderContext, { path, service }: EnvFileEntry, name: string): void {
  context.problems.push({
    path,
    what: `needs the variable ${name}, which is not set for service '${service}'`,
    todo: `set variables.${name} or secrets.${name}, or write a default; a dollar sign of a value is \`$$\``,
  });
  context.wanted.push({ kind: "variable", name });
}
