import { posix } from "node:path";
import { isList, isMap, listOf, mapOf, textOf, type Json, type JsonMap } from "../json.ts";
import { resolveText, type Reading } from "./reading.ts";
import type { ComposeText } from "./text.ts";

/** A service in one form, whichever of Compose's syntaxes it was written in, so that services can be laid over each other. */
export interface NormalService {
  /** Everything but ports and volumes; paths relative to the compose file's folder. */
  readonly fields: JsonMap;
  readonly ports: readonly NormalEntry[];
  readonly volumes: readonly NormalEntry[];
  /** Where a field stands; the service itself without keys. */
  place(...keys: readonly string[]): string;
}

/** One port or volume with its place. */
export interface NormalEntry {
  readonly value: Json;
  readonly place: string;
}

/** Where a service stands. */
export interface ServiceOrigin {
  readonly text: ComposeText;
  readonly name: string;
  /** The folder that its relative paths begin at. */
  readonly folder: string;
}

/** Maps that Compose also takes as lists of `NAME=value`. */
const assignments = ["environment", "labels", "annotations", "sysctls"];

/** Brings a service into one form. */
export function normalService(reading: Reading, origin: ServiceOrigin): NormalService {
  const { text, name, folder } = origin;
  const written = mapOf(mapOf(text.content["services"])[name]);
  const place = (...keys: readonly string[]): string => text.place(["services", name, ...keys]);
  const entries = (key: string, convert: (value: Json, at: string) => Json): NormalEntry[] =>
    listOf(written[key]).map((value, index) => {
      const at = place(key, String(index));
      return { value: convert(value, at), place: at };
    });
  const fields = Object.entries(written)
    .filter(([key]) => key !== "ports" && key !== "volumes" && !key.startsWith("x-"))
    .map(([key, value]): [string, Json] => [key, normalField(reading, key, value, { folder, place: place(key) })]);
  return {
    fields: Object.fromEntries(fields),
    ports: entries("ports", (value) => value),
    volumes: entries("volumes", (value, at) => normalVolume(reading, value, { folder, place: at })),
    place,
  };
}

interface At {
  readonly folder: string;
  readonly place: string;
}

function normalField(reading: Reading, key: string, value: Json, at: At): Json {
  if (assignments.includes(key)) return isList(value) ? assignmentsOf(value) : value;
  if (key === "extra_hosts") return extraHosts(value);
  if (key === "depends_on" && isList(value)) {
    return Object.fromEntries(
      value.map((name): [string, Json] => [textOf(name) ?? "", { condition: "service_started" }]),
    );
  }
  if (key === "env_file") return listOf(value).map((entry) => normalEnvFile(reading, entry, at));
  if (key === "build")
    return isMap(value) ? { ...value, ...contextOf(reading, value["context"], at) } : contextOf(reading, value, at);
  if (key === "extends") return isMap(value) ? value : { service: value };
  return value;
}

/** `NAME=value`, or `NAME` alone for a variable that is passed on. */
function assignmentsOf(list: readonly Json[]): JsonMap {
  return Object.fromEntries(
    list.map((item): [string, Json] => {
      const text = textOf(item) ?? "";
      const [, name = text, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
      return [name, value ?? null];
    }),
  );
}

/** A list, since a name may have several addresses. */
function extraHosts(value: Json): Json {
  if (!isMap(value)) return value;
  return Object.entries(value).flatMap(([name, hosts]) => listOf(hosts).map((host) => `${name}=${textOf(host) ?? ""}`));
}

function contextOf(reading: Reading, context: Json | undefined, at: At): JsonMap {
  const text = resolveText({ ...reading, problems: [] }, textOf(context) ?? ".", at.place, "build");
  if (text === undefined || /^[a-z+]+:\/\/|^git@/.test(text)) return {};
  return { context: posix.join(at.folder, text) };
}

function normalEnvFile(reading: Reading, entry: Json, at: At): JsonMap {
  const path = resolveText(reading, textOf(isMap(entry) ? entry["path"] : entry) ?? "", at.place, "env_file");
  const required = isMap(entry) ? (entry["required"] ?? true) : true;
  return { path: path === undefined || path.startsWith("/") ? (path ?? "") : posix.join(at.folder, path), required };
}

/** The long form of a volume; a short one is `[source:]target[:options]`. */
function normalVolume(reading: Reading, value: Json, { folder, place }: At): Json {
  const resolved = resolveFields(reading, value, place);
  const long = isMap(resolved) ? resolved : longVolume(textOf(resolved) ?? "");
  const source = textOf(long["source"]);
  const target = posix.normalize(textOf(long["target"]) ?? "").replace(/(.)\/$/, "$1");
  const local = long["type"] === "bind" && source !== undefined && !/^[/~]/.test(source);
  return { ...long, target, ...(local && { source: posix.join(folder, source) }) };
}

function resolveFields(reading: Reading, value: Json, place: string): Json {
  if (typeof value === "string") return resolveText(reading, value, place, "volumes") ?? "";
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, resolveFields(reading, field, place)]));
}

function longVolume(text: string): JsonMap {
  const [first = "", second, ...options] = text.split(":");
  if (second === undefined) return { type: "volume", target: first };
  const flags = options
    .join(":")
    .split(",")
    .filter((flag) => flag !== "");
  const type = /^[./~]/.test(first) ? "bind" : "volume";
  return {
    type,
    source: first,
    target: second,
    read_only: flags.includes("ro"),
    options: flags.filter((flag) => !harmless.includes(flag)),
  };
}

/** Options of short volumes that change nothing on a server. */
const harmless = ["ro", "rw", "z", "Z", "cached", "delegated", "consistent"];
