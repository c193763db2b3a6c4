import { posix } from "node:path";
import { isMap, listOf, mapOf, textOf, type Json, type JsonMap } from "../json.ts";
import { mergeServices } from "./merge.ts";
import { normalService, type NormalService, type ServiceOrigin } from "./normal-service.ts";
import { resolveText, type ReaderContext } from "./context.ts";
import { schemaProblems } from "./schema.ts";
import { parseCompose, type ComposeText } from "./text.ts";
import { guess } from "../guess.ts";

/** The whole Compose project: included files are part of it, and every `extends` is merged. */
export interface ComposeProject {
  readonly services: ReadonlyMap<string, NormalService>;
  readonly volumes: ReadonlyMap<string, Resource>;
  readonly secrets: ReadonlyMap<string, Resource>;
  readonly configs: ReadonlyMap<string, Resource>;
}

/** A top-level volume, secret or config. */
export interface Resource {
  readonly value: JsonMap;
  readonly place: string;
  /** The base of its relative paths. */
  readonly folder: string;
}

interface Loaded {
  readonly origins: Map<string, ServiceOrigin>;
  readonly volumes: Map<string, Resource>;
  readonly secrets: Map<string, Resource>;
  readonly configs: Map<string, Resource>;
}

interface Source {
  readonly text: ComposeText;
  readonly folder: string;
  /** The files that include this one, to detect a circle. */
  readonly chain: readonly string[];
}

const kinds = ["volumes", "secrets", "configs"] as const;

/** Reads the compose file, what it includes and what its services extend. */
export function loadProject(context: ReaderContext): ComposeProject | undefined {
  const text = loadText(context, context.file);
  if (text === undefined) return undefined;
  const loaded: Loaded = { origins: new Map(), volumes: new Map(), secrets: new Map(), configs: new Map() };
  collect(context, loaded, { text, folder: ".", chain: [context.file] });
  const services = [...loaded.origins].flatMap(([name, origin]): [string, NormalService][] => {
    const service = resolveExtends(context, origin, []);
    return service === undefined ? [] : [[name, service]];
  });
  return { ...loaded, services: new Map(services) };
}

/** Loads a file that parses and follows the Compose specification. `reference` is the place that names the file. */
function loadText(context: ReaderContext, path: string, reference?: string): ComposeText | undefined {
  const body = context.folder.text(path);
  if (body === undefined) {
    const problem = {
      path: reference ?? path,
      what: `there is no file '${context.prefix}${path}'`,
      todo: "correct the path, or add the file",
    };
    context.problems.push(reference === undefined ? { ...problem, path: "compose" } : problem);
    return undefined;
  }
  const text = parseCompose(path, body, `${context.prefix}${path}`);
  const problems = "content" in text ? schemaProblems(text, context.schema) : text;
  context.problems.push(...problems);
  return "content" in text && problems.length === 0 ? text : undefined;
}

function collect(context: ReaderContext, loaded: Loaded, source: Source): void {
  const { text, folder } = source;
  listOf(text.content["include"]).forEach((entry, index) => {
    include(context, loaded, source, { entry, place: text.place(["include", index]) });
  });
  for (const name of Object.keys(mapOf(text.content["services"]))) {
    add(context, loaded.origins, name, { value: { text, name, folder }, place: text.place(["services", name]) });
  }
  for (const kind of kinds) {
    for (const [name, value] of Object.entries(mapOf(text.content[kind]))) {
      const place = text.place([kind, name]);
      add(context, loaded[kind], name, { value: { value: mapOf(value), place, folder }, place });
    }
  }
}

/** Adds a definition, and refuses a name that two files define: the order of files would decide which one counts. */
function add<Value>(
  context: ReaderContext,
  map: Map<string, Value>,
  name: string,
  { value, place }: { value: Value; place: string },
): void {
  if (map.has(name)) {
    context.problems.push({
      path: place,
      what: `'${name}' is defined by an included file as well`,
      todo: "rename one of them, or use `extends`",
    });
  }
  map.set(name, value);
}

function include(
  context: ReaderContext,
  loaded: Loaded,
  source: Source,
  { entry, place }: { entry: Json; place: string },
): void {
  const long = isMap(entry) ? entry : { path: entry };
  if (long["env_file"] !== undefined) {
    context.problems.push({
      path: place,
      what: "include with an env_file cannot be deployed",
      todo: "set these variables in the stack's `variables`",
    });
  }
  const paths = listOf(long["path"]).map((path) => resolveText(context, textOf(path) ?? "", place, "include"));
  if (paths.length > 1) {
    context.problems.push({
      path: place,
      what: "include of several files as one cannot be deployed",
      todo: "include each file by itself, or use `extends`",
    });
    return;
  }
  const [path] = paths;
  if (path === undefined) return;
  const file = remoteFile.test(path) ? path : posix.join(source.folder, path);
  const text = loadNext(context, source, { file, place });
  const directory = textOf(long["project_directory"]);
  const folder = directory === undefined ? posix.dirname(file) : posix.join(source.folder, directory);
  if (text !== undefined) collect(context, loaded, { text, folder, chain: [...source.chain, file] });
}

/** Addresses from which Compose would fetch a file. */
const remoteFile = /^[a-z+]+:\/\/|^git@|^oci:/;

function loadNext(
  context: ReaderContext,
  source: Source,
  { file, place }: { file: string; place: string },
): ComposeText | undefined {
  if (remoteFile.test(file)) {
    context.problems.push({
      path: place,
      what: `a remote compose file cannot be deployed, got '${file}'`,
      todo: "copy it into the repository",
    });
    return undefined;
  }
  if (source.chain.includes(file)) {
    context.problems.push({ path: place, what: `'${file}' includes itself`, todo: "break the circle" });
    return undefined;
  }
  return loadText(context, file, place);
}

/** A service merged with all services that it extends. */
function resolveExtends(
  context: ReaderContext,
  origin: ServiceOrigin,
  chain: readonly string[],
): NormalService | undefined {
  const id = `${origin.text.path} ${origin.name}`;
  const service = normalService(context, origin);
  const extension = mapOf(service.fields["extends"]);
  const name = textOf(extension["service"]);
  if (name === undefined) return service;
  const place = service.place("extends");
  if (chain.includes(id)) {
    context.problems.push({ path: place, what: `service '${origin.name}' extends itself`, todo: "break the circle" });
    return undefined;
  }
  const base = findBase(context, origin, { name, file: textOf(extension["file"]), place });
  const below = base && resolveExtends(context, base, [...chain, id]);
  return below === undefined ? undefined : mergeServices(below, service);
}

function findBase(
  context: ReaderContext,
  origin: ServiceOrigin,
  { name, file, place }: { name: string; file: string | undefined; place: string },
): ServiceOrigin | undefined {
  const path = file === undefined ? undefined : resolveText(context, file, place, "extends");
  if (file !== undefined && path === undefined) return undefined;
  const target = path === undefined ? origin.text.path : posix.join(origin.folder, path);
  const text = target === origin.text.path ? origin.text : loadText(context, target, place);
  if (text === undefined) return undefined;
  const names = Object.keys(mapOf(text.content["services"]));
  if (names.includes(name)) return { text, name, folder: text === origin.text ? origin.folder : posix.dirname(target) };
  const what = `there is no service '${name}' in ${target}`;
  context.problems.push({ path: place, what, todo: guess(name, names) });
  return undefined;
}
