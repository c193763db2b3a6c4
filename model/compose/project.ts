import { posix } from "node:path";
import { isMap, listOf, mapOf, textOf, type Json, type JsonMap } from "../json.ts";
import { layOver } from "./merge.ts";
import { normalService, type NormalService, type ServiceOrigin } from "./normal-service.ts";
import { resolveText, type Reading } from "./reading.ts";
import { schemaProblems } from "./schema.ts";
import { parseCompose, type ComposeText } from "./text.ts";
import { guess } from "../guess.ts";

/** The whole Compose project, with what it includes and with every `extends` laid over. */
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
  /** The folder that its relative paths begin at. */
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
  /** The files that led here, so that a circle is seen. */
  readonly chain: readonly string[];
}

const kinds = ["volumes", "secrets", "configs"] as const;

/** Reads the compose file, what it includes and what its services extend. */
export function loadProject(reading: Reading): ComposeProject | undefined {
  const text = loadText(reading, reading.file);
  if (text === undefined) return undefined;
  const loaded: Loaded = { origins: new Map(), volumes: new Map(), secrets: new Map(), configs: new Map() };
  collect(reading, loaded, { text, folder: ".", chain: [reading.file] });
  const services = [...loaded.origins].flatMap(([name, origin]): [string, NormalService][] => {
    const service = extended(reading, origin, []);
    return service === undefined ? [] : [[name, service]];
  });
  return { ...loaded, services: new Map(services) };
}

/** A file that parses and that the Compose specification allows. */
function loadText(reading: Reading, path: string, asker?: string): ComposeText | undefined {
  const body = reading.folder.text(path);
  if (body === undefined) {
    const problem = {
      path: asker ?? path,
      what: `there is no file '${reading.prefix}${path}'`,
      todo: "correct the path, or add the file",
    };
    reading.problems.push(asker === undefined ? { ...problem, path: "compose" } : problem);
    return undefined;
  }
  const text = parseCompose(path, body, `${reading.prefix}${path}`);
  const problems = "content" in text ? schemaProblems(text, reading.schema) : text;
  reading.problems.push(...problems);
  return "content" in text && problems.length === 0 ? text : undefined;
}

function collect(reading: Reading, loaded: Loaded, source: Source): void {
  const { text, folder } = source;
  listOf(text.content["include"]).forEach((entry, index) => {
    include(reading, loaded, source, { entry, place: text.place(["include", index]) });
  });
  for (const name of Object.keys(mapOf(text.content["services"]))) {
    add(reading, loaded.origins, name, { value: { text, name, folder }, place: text.place(["services", name]) });
  }
  for (const kind of kinds) {
    for (const [name, value] of Object.entries(mapOf(text.content[kind]))) {
      const place = text.place([kind, name]);
      add(reading, loaded[kind], name, { value: { value: mapOf(value), place, folder }, place });
    }
  }
}

/** A name that two files define would be either of them, by the order of reading. */
function add<Value>(
  reading: Reading,
  map: Map<string, Value>,
  name: string,
  { value, place }: { value: Value; place: string },
): void {
  if (map.has(name)) {
    reading.problems.push({
      path: place,
      what: `'${name}' is defined by an included file as well`,
      todo: "rename one of them, or use `extends`",
    });
  }
  map.set(name, value);
}

function include(
  reading: Reading,
  loaded: Loaded,
  source: Source,
  { entry, place }: { entry: Json; place: string },
): void {
  const long = isMap(entry) ? entry : { path: entry };
  if (long["env_file"] !== undefined) {
    reading.problems.push({
      path: place,
      what: "include with an env_file cannot be deployed",
      todo: "set these variables in the stack's `variables`",
    });
  }
  const paths = listOf(long["path"]).map((path) => resolveText(reading, textOf(path) ?? "", place, "include"));
  if (paths.length > 1) {
    reading.problems.push({
      path: place,
      what: "include of several files as one cannot be deployed",
      todo: "include each file by itself, or use `extends`",
    });
    return;
  }
  const [path] = paths;
  if (path === undefined) return;
  const file = elsewhere.test(path) ? path : posix.join(source.folder, path);
  const text = loadNext(reading, source, { file, place });
  const directory = textOf(long["project_directory"]);
  const folder = directory === undefined ? posix.dirname(file) : posix.join(source.folder, directory);
  if (text !== undefined) collect(reading, loaded, { text, folder, chain: [...source.chain, file] });
}

/** Compose would fetch these. */
const elsewhere = /^[a-z+]+:\/\/|^git@|^oci:/;

function loadNext(
  reading: Reading,
  source: Source,
  { file, place }: { file: string; place: string },
): ComposeText | undefined {
  if (elsewhere.test(file)) {
    reading.problems.push({
      path: place,
      what: `a compose file from elsewhere cannot be deployed, got '${file}'`,
      todo: "copy it into the repository",
    });
    return undefined;
  }
  if (source.chain.includes(file)) {
    reading.problems.push({ path: place, what: `'${file}' includes itself`, todo: "break the circle" });
    return undefined;
  }
  return loadText(reading, file, place);
}

/** A service with everything that it extends laid under it. */
function extended(reading: Reading, origin: ServiceOrigin, chain: readonly string[]): NormalService | undefined {
  const id = `${origin.text.path} ${origin.name}`;
  const service = normalService(reading, origin);
  const extension = mapOf(service.fields["extends"]);
  const name = textOf(extension["service"]);
  if (name === undefined) return service;
  const place = service.place("extends");
  if (chain.includes(id)) {
    reading.problems.push({ path: place, what: `service '${origin.name}' extends itself`, todo: "break the circle" });
    return undefined;
  }
  const base = baseOf(reading, origin, { name, file: textOf(extension["file"]), place });
  const below = base && extended(reading, base, [...chain, id]);
  return below === undefined ? undefined : layOver(below, service);
}

function baseOf(
  reading: Reading,
  origin: ServiceOrigin,
  { name, file, place }: { name: string; file: string | undefined; place: string },
): ServiceOrigin | undefined {
  const path = file === undefined ? undefined : resolveText(reading, file, place, "extends");
  if (file !== undefined && path === undefined) return undefined;
  const target = path === undefined ? origin.text.path : posix.join(origin.folder, path);
  const text = target === origin.text.path ? origin.text : loadText(reading, target, place);
  if (text === undefined) return undefined;
  const names = Object.keys(mapOf(text.content["services"]));
  if (names.includes(name)) return { text, name, folder: text === origin.text ? origin.folder : posix.dirname(target) };
  const what = `there is no service '${name}' in ${target}`;
  reading.problems.push({ path: place, what, todo: guess(name, names) });
  return undefined;
}
