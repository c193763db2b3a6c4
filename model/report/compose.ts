import { Buffer } from "node:buffer";
import { parse } from "yaml";
import { z } from "zod";
import { megabytes } from "../byte-size.ts";
import { colourPlaceholder } from "../placeholders.ts";
import { lineCountChange, maskedChange, shownChange, type DescribedChange } from "./change.ts";

const composeSchema = z.looseObject({ services: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

type Compose = z.output<typeof composeSchema>;
type Fields = Readonly<Record<string, unknown>>;

/** Fields whose values are shown, since they hold no secrets. Of all other fields only the name is shown. */
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

/** Fields for which no Compose recreates a container; for `depends_on` 2.26 does, and newer ones do not. */
const fieldsWithoutRestart = new Set(["scale", "pull_policy", "profiles"]);

/** Maps whose entries are reported one by one, under these nouns. */
const entryNouns: Readonly<Record<string, string>> = { environment: "variable", labels: "label" };

/** The changes between two compose files of slipway, service by service. Images are reported with their documents. */
export function composeChanges(from: Uint8Array, to: Uint8Array): DescribedChange[] {
  const [old, now] = [readCompose(from), readCompose(to)];
  if (old === undefined || now === undefined) return [lineCountChange("compose file", { from, to })];
  const changes = [
    ...names(old.services, now.services).flatMap((name) =>
      serviceChanges(name, old.services[name], now.services[name]),
    ),
    ...names(old, now)
      .filter((name) => name !== "services" && differ(old[name], now[name]))
      .map((name) => ({ path: `compose file's ${name}`, from: show(old[name]), to: show(now[name]) })),
  ];
  // Otherwise only an image changed, or the same data is written differently.
  return changes.length > 0 || differ(old, now) ? changes : [lineCountChange("compose file", { from, to })];
}

function readCompose(bytes: Uint8Array): Compose | undefined {
  try {
    return composeSchema.safeParse(parse(Buffer.from(bytes).toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

function serviceChanges(name: string, from: Fields | undefined, to: Fields | undefined): DescribedChange[] {
  const service = name.replace(`-${colourPlaceholder}`, "");
  if (from === undefined) return [{ path: service, from: "", to: "a new service", service }];
  if (to === undefined) return [{ path: service, from: "a service", to: "", service }];
  return names(from, to)
    .filter((field) => field !== "image" && differ(from[field], to[field]))
    .flatMap((field) => fieldChanges(service, field, { from: from[field], to: to[field] }));
}

function fieldChanges(service: string, field: string, change: Change): DescribedChange[] {
  const noun = entryNouns[field];
  if (noun !== undefined) return entryChanges(service, noun, change);
  if (field === "ports") return listChanges(service, "port", change);
  if (field === "volumes") return listChanges(service, "mount", change);
  const report = plainFields.has(field) ? shownChange : maskedChange;
  const reported = report(`${service} ${field}`, sizes.has(field) ? inMegabytes(change) : change);
  const reason = fieldsWithoutRestart.has(field) ? {} : { reason: `its ${field} changed` };
  return [{ ...reported, service, ...reason }];
}

/** Fields that hold a number of bytes. */
const sizes = new Set(["mem_limit", "memswap_limit", "shm_size"]);

function inMegabytes({ from, to }: Change): Change {
  const words = (value: unknown): unknown => (typeof value === "number" ? megabytes(value) : value);
  return { from: words(from), to: words(to) };
}

interface Change {
  readonly from: unknown;
  readonly to: unknown;
}

/** The changes of a map's entries, without values: developers may have written secrets there. */
function entryChanges(service: string, noun: string, { from, to }: Change): DescribedChange[] {
  const [old, now] = [fieldsOf(from), fieldsOf(to)];
  return names(old, now)
    .filter((name) => differ(old[name], now[name]))
    .map((name) => ({
      ...maskedChange(`${service} ${noun} ${name}`, { from: old[name], to: now[name] }),
      service,
      reason: noun === "variable" ? `${name} changed` : `its label ${name} changed`,
    }));
}

/** The changes of a list, with a removed and an added entry on one line each. */
function listChanges(service: string, noun: string, { from, to }: Change): DescribedChange[] {
  const [old, now] = [entryTexts(from), entryTexts(to)];
  const removed = old.filter((entry) => !now.includes(entry));
  const added = now.filter((entry) => !old.includes(entry));
  const length = Math.max(removed.length, added.length);
  const pairs = Array.from({ length }, (_, index) => ({ from: removed[index] ?? "", to: added[index] ?? "" }));
  const changes = pairs.length > 0 ? pairs : [{ from: "in another order", to: "in another order" }];
  return changes.map((change) => ({ path: `${service} ${noun}`, ...change, service, reason: `its ${noun}s changed` }));
}

/** Entries of `ports` and `volumes` in the short form. */
function entryTexts(value: unknown): string[] {
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
