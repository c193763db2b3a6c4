import { Buffer } from "node:buffer";
import { parse } from "yaml";
import { z } from "zod";
import { colourWord } from "../stack/names.ts";
import { counted, hidden, shown, type DescribedChange } from "./change.ts";

const composeSchema = z.looseObject({ services: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

type Compose = z.output<typeof composeSchema>;
type Fields = Readonly<Record<string, unknown>>;

/** Fields whose values people want to see, and in which no secret stands; of all others only the name is told. */
const plainFields = new Set(
  [
    "mem_limit",
    "memswap_limit",
    "cpus",
    "pids_limit",
    "shm_size",
    "restart",
    "user",
    "working_dir",
    "read_only",
  ].concat(
    ["privileged", "cap_add", "cap_drop", "init", "stop_grace_period", "stop_signal", "hostname", "network_mode"],
    ["ulimits", "tmpfs", "security_opt", "devices", "group_add", "pid", "ipc", "depends_on", "networks"],
  ),
);

/** Fields by which Compose does not tell whether a container is the one that is wanted. */
const keepsRunning = new Set(["depends_on", "scale", "pull_policy", "profiles"]);

/** Maps of which each entry is a change of its own. */
const entries: Readonly<Record<string, string>> = { environment: "variable", labels: "label" };

/** What differs between two compose files that slipway wrote, service by service; the image is told by the document around them. */
export function composeChanges(from: Uint8Array, to: Uint8Array): DescribedChange[] {
  const [old, now] = [readCompose(from), readCompose(to)];
  if (old === undefined || now === undefined) return [counted("compose file", { from, to })];
  const changes = [
    ...names(old.services, now.services).flatMap((name) =>
      serviceChanges(name, old.services[name], now.services[name]),
    ),
    ...names(old, now)
      .filter((name) => name !== "services" && differ(old[name], now[name]))
      .map((name) => ({ path: `compose file's ${name}`, from: show(old[name]), to: show(now[name]) })),
  ];
  // Only another image, which the document around it tells, or another way of writing the same.
  return changes.length > 0 || differ(old, now) ? changes : [counted("compose file", { from, to })];
}

function readCompose(bytes: Uint8Array): Compose | undefined {
  try {
    return composeSchema.safeParse(parse(Buffer.from(bytes).toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

function serviceChanges(called: string, from: Fields | undefined, to: Fields | undefined): DescribedChange[] {
  const service = called.replace(`-${colourWord}`, "");
  if (from === undefined) return [{ path: service, from: "", to: "a new service", service }];
  if (to === undefined) return [{ path: service, from: "a service", to: "", service }];
  return names(from, to)
    .filter((field) => field !== "image" && differ(from[field], to[field]))
    .flatMap((field) => fieldChanges(service, field, { from: from[field], to: to[field] }));
}

function fieldChanges(service: string, field: string, change: Change): DescribedChange[] {
  const entry = entries[field];
  if (entry !== undefined) return entryChanges(service, entry, change);
  if (field === "ports") return listChanges(service, "port", change);
  if (field === "volumes") return listChanges(service, "mount", change);
  const said = (plainFields.has(field) ? shown : hidden)(
    `${service} ${field}`,
    sizes.has(field) ? inMegabytes(change) : change,
  );
  return [keepsRunning.has(field) ? { ...said, service } : { ...said, service, reason: `its ${field} changed` }];
}

/** Fields that hold bytes. */
const sizes = new Set(["mem_limit", "memswap_limit", "shm_size"]);

function inMegabytes({ from, to }: Change): Change {
  const words = (value: unknown): unknown =>
    typeof value === "number" ? `${Math.round(value / 1024 ** 2)} MB` : value;
  return { from: words(from), to: words(to) };
}

interface Change {
  readonly from: unknown;
  readonly to: unknown;
}

/** The values may be secrets that a developer wrote down. */
function entryChanges(service: string, word: string, { from, to }: Change): DescribedChange[] {
  const [old, now] = [fieldsOf(from), fieldsOf(to)];
  return names(old, now)
    .filter((name) => differ(old[name], now[name]))
    .map((name) => ({
      ...hidden(`${service} ${word} ${name}`, { from: old[name], to: now[name] }),
      service,
      reason: word === "variable" ? `${name} changed` : `its label ${name} changed`,
    }));
}

function listChanges(service: string, word: string, { from, to }: Change): DescribedChange[] {
  const [old, now] = [listOf(from), listOf(to)];
  const gone = old.filter((one) => !now.includes(one));
  const come = now.filter((one) => !old.includes(one));
  const reason = `its ${word}s changed`;
  const pairs = Array.from({ length: Math.max(gone.length, come.length) }, (_, at) => [gone[at] ?? "", come[at] ?? ""]);
  const said = pairs.length > 0 ? pairs : [["in another order", "in another order"]];
  return said.map(([one = "", other = ""]) => ({ path: `${service} ${word}`, from: one, to: other, service, reason }));
}

/** Entries of `ports` and `volumes` as people write them. */
function listOf(value: unknown): string[] {
  return Array.isArray(value)
    ? value.map((one: unknown) => (typeof one === "string" ? one : mountText(fieldsOf(one))))
    : [];
}

function mountText({ type, source, target, read_only: readOnly, ...others }: Fields): string {
  const rest = Object.entries(others).filter(([name]) => name !== "bind");
  const more = rest.length === 0 ? "" : ` ${show(Object.fromEntries(rest))}`;
  return `${show(source ?? type)}:${show(target)}${readOnly === true ? ":ro" : ""}${more}`;
}

function fieldsOf(value: unknown): Fields {
  const read = z.record(z.string(), z.unknown()).safeParse(value);
  return read.success ? read.data : {};
}

function names(one: Fields, other: Fields): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

function differ(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

function show(value: unknown): string {
  return value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
