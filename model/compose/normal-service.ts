import { posix } from "node:path";
import { isList, isMap, listOf, mapOf, textOf, type Json, type JsonMap } from "../json.ts";
import { knownText, resolveText, type ReaderContext } from "./context.ts";
import { assignmentsOf } from "./project/assignments.ts";
import { withUniqueItems } from "./project/lists.ts";
import { fillLocal, passLocal, type Scope } from "./project/scope.ts";
import type { ComposeText } from "./text.ts";

/** A service in normal form: one form for all of Compose's short and long syntaxes, so that services can be merged. */
export interface NormalService {
  /** All fields but ports and volumes. Paths are relative to the compose file's folder. */
  readonly fields: JsonMap;
  readonly ports: readonly NormalEntry[];
  readonly volumes: readonly NormalEntry[];
  /** The place of a field in its file; without keys that of the service. */
  place(...keys: readonly string[]): string;
  /** How many of these keys its file has, one inside of the other. */
  depth(...keys: readonly string[]): number;
}

/** One port or volume, with its place in the file. */
export interface NormalEntry {
  readonly value: Json;
  readonly place: string;
}

/** The file in which a service is written. */
export interface ServiceOrigin {
  readonly text: ComposeText;
  readonly name: string;
  readonly scope: Scope;
}

/** Maps that Compose also accepts as lists of `NAME=value`. */
const assignments = ["environment", "labels", "annotations", "sysctls"];

/** Fields that Compose also accepts as one text. */
const lists = ["dns", "dns_search", "tmpfs"];

/** Brings a service into normal form. */
export function normalService(context: ReaderContext, { text, name, scope }: ServiceOrigin): NormalService {
  const place = (...keys: readonly string[]): string => text.place(["services", name, ...keys]);
  const local = (value: Json, keys: readonly string[]): Json => fillLocal(context, value, { scope, place, keys });
  const written = mapOf(local(mapOf(mapOf(text.content["services"])[name]), []));
  const entries = (key: string, convert: (value: Json, at: string) => Json): NormalEntry[] =>
    listOf(written[key]).map((value, index) => {
      const at = place(key, String(index));
      return { value: convert(value, at), place: at };
    });
  const { folder } = scope;
  const fields = Object.entries(written)
    .filter(([key]) => key !== "ports" && key !== "volumes" && !key.startsWith("x-"))
    .map(([key, value]): [string, Json] => [
      key,
      normalField(context, key, value, { folder, place: place(key), at: (...keys) => place(key, ...keys) }),
    ]);
  return {
    fields: passLocal(context, withUniqueItems(Object.fromEntries(fields)), scope),
    ports: entries("ports", (value) => value),
    volumes: entries("volumes", (value, at) => normalVolume(context, value, { folder, place: at })),
    place,
    depth: (...keys) => text.depth(["services", name, ...keys]) - 2,
  };
}

interface At {
  readonly folder: string;
  readonly place: string;
}

/** A field, and the places below it. */
interface FieldAt extends At {
  readonly at: (...keys: readonly string[]) => string;
}

function normalField(context: ReaderContext, key: string, value: Json, at: FieldAt): Json {
  if (assignments.includes(key))
    return assignmentsOf(context, value, { field: key, item: (index) => at.at(String(index)) });
  if (lists.includes(key)) return listOf(value);
  if (key === "extra_hosts") return extraHosts(value);
  if (key === "deploy") return normalDeploy(context, value, at);
  if (key === "depends_on" && isList(value)) return mapOfNames(value, { condition: "service_started" });
  if (key === "networks" && isList(value)) return mapOfNames(value, null);
  if (key === "label_file") return listOf(value).map((file) => normalPath(context, file, { ...at, field: key }));
  if (key === "env_file") return listOf(value).map((entry) => normalEnvFile(context, entry, at));
  if (key === "build")
    return isMap(value)
      ? { ...value, ...buildContext(context, value["context"], at) }
      : buildContext(context, value, at);
  if (key === "extends") return isMap(value) ? value : { service: value };
  return value;
}

function mapOfNames(names: readonly Json[], value: Json): JsonMap {
  return Object.fromEntries(names.map((name): [string, Json] => [textOf(name) ?? "", value]));
}

function normalDeploy(context: ReaderContext, value: Json, { at }: FieldAt): Json {
  if (!isMap(value) || value["labels"] === undefined) return value;
  return {
    ...value,
    labels: assignmentsOf(context, value["labels"], {
      field: "deploy.labels",
      item: (index) => at("labels", String(index)),
    }),
  };
}

/** The hosts as a list, since a name may have several addresses. */
function extraHosts(value: Json): Json {
  if (!isMap(value)) return value;
  return Object.entries(value).flatMap(([name, hosts]) => listOf(hosts).map((host) => `${name}=${textOf(host) ?? ""}`));
}

function buildContext(context: ReaderContext, written: Json | undefined, at: At): JsonMap {
  const text = knownText(context, textOf(written) ?? ".");
  if (text === undefined || /^[a-z+]+:\/\/|^git@/.test(text)) return {};
  return { context: posix.join(at.folder, text) };
}

function normalEnvFile(context: ReaderContext, entry: Json, at: At): JsonMap {
  const path = normalPath(context, isMap(entry) ? entry["path"] : entry, { ...at, field: "env_file" });
  const long = isMap(entry) ? entry : {};
  return { ...long, path, required: long["required"] ?? true };
}

/** The path of a file from the compose file's folder. */
function normalPath(context: ReaderContext, written: Json | undefined, at: At & { field: string }): string {
  const path = resolveText(context, textOf(written) ?? "", { place: at.place, name: at.field });
  return path === undefined || path.startsWith("/") ? (path ?? "") : posix.join(at.folder, path);
}

/** Brings a volume into the long form; the short one is `[source:]target[:options]`. */
function normalVolume(context: ReaderContext, value: Json, { folder, place }: At): Json {
  const resolved = resolveFields(context, value, place);
  const long = isMap(resolved) ? resolved : longVolume(textOf(resolved) ?? "");
  const source = textOf(long["source"]);
  const target = posix.normalize(textOf(long["target"]) ?? "").replace(/(.)\/$/, "$1");
  const local = long["type"] === "bind" && source !== undefined && !/^[/~]/.test(source);
  return { ...long, target, ...(local && { source: posix.join(folder, source) }) };
}

function resolveFields(context: ReaderContext, value: Json, place: string): Json {
  if (typeof value === "string") return resolveText(context, value, { place, name: "volumes" }) ?? "";
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, resolveFields(context, field, place)]));
}

function longVolume(text: string): JsonMap {
  const [first = "", second, ...options] = text.split(":");
  if (second === undefined) return { type: "volume", target: first };
  const flags = options
    .join(":")
    .split(",")
    .filter((flag) => flag !== "");
  const consistency = flags.find((flag) => consistencies.includes(flag));
  const type = /^[./~]/.test(first) ? "bind" : "volume";
  return {
    type,
    source: first,
    target: second,
    read_only: flags.includes("ro"),
    ...(type === "bind" ? { bind: bindOptions(flags) } : volumeOptions(flags)),
    ...(consistency !== undefined && { consistency }),
    options: flags.filter((flag) => !known.includes(flag)),
  };
}

const selinux = ["z", "Z"];
const propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

const consistencies = ["cached", "delegated", "consistent"];

/** The options of short volumes. */
const known = ["ro", "rw", "nocopy", ...selinux, ...propagations, ...consistencies];

/** The options of a short named volume in the long form. */
function volumeOptions(flags: readonly string[]): JsonMap {
  return { volume: flags.includes("nocopy") ? { nocopy: true } : {}, bind: labelAndPropagation(flags) };
}

/** The options of a short bind mount in the long form. In the short one Docker makes a folder that is missing. */
function bindOptions(flags: readonly string[]): JsonMap {
  return { create_host_path: true, ...labelAndPropagation(flags) };
}

function labelAndPropagation(flags: readonly string[]): JsonMap {
  const label = flags.find((flag) => selinux.includes(flag));
  const propagation = flags.find((flag) => propagations.includes(flag));
  return { ...(label !== undefined && { selinux: label }), ...(propagation !== undefined && { propagation }) };
}
