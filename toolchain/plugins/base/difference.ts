import { isList, isObject, type Properties, type Value } from "./property.ts";
import type { Path } from "./secret.ts";

/** The kind of change of one property. */
export type ChangeKind = "add" | "delete" | "update";

/** The changed properties, by path (`connection.host`, `labels[0].value`). */
type Changes = ReadonlyMap<string, ChangeKind>;

/** A provider's answer to the engine's question how a resource must change. */
export interface Difference {
  readonly changes: Changes;
  /** Paths of the changes that need a new resource instead of an update in place. */
  readonly replaces: readonly string[];
  /** True if the old resource must be deleted before the new one is created. */
  readonly deleteBeforeReplace?: boolean;
}

/** Compares two sets of properties down to their leaves; an absent property equals null. */
export function compare(olds: Properties, news: Properties): Changes {
  const changes = new Map<string, ChangeKind>();
  compareObjects(olds, news, "", changes);
  return changes;
}

/** The paths of the changes at or below one of the given properties. */
export function changesIn(changes: Changes, properties: readonly string[]): string[] {
  return [...changes.keys()].filter((path) => properties.some((property) => isWithin(path, property)));
}

/** Drops the changes at or below one of the given paths, for the option `ignoreChanges`. */
export function withoutIgnored(difference: Difference, ignored: readonly string[]): Difference {
  const dropped = new Set(changesIn(difference.changes, ignored));
  return {
    ...difference,
    changes: new Map([...difference.changes].filter(([path]) => !dropped.has(path))),
    replaces: difference.replaces.filter((path) => !dropped.has(path)),
  };
}

/**
 * Reports a change inside a secret as a change of the whole secret, and a value that becomes secret, or stops being
 * secret, as a change. `olds` and `news` are the paths of secrets before and after.
 */
export function withSecrets(difference: Difference, olds: readonly Path[], news: readonly Path[]): Difference {
  const [before, after] = [olds.map(asText), news.map(asText)];
  const secrets = [...new Set([...before, ...after])].sort((one, other) => one.length - other.length);
  const whole = (path: string) => secrets.find((secret) => isWithin(path, secret)) ?? path;
  const changes = new Map<string, ChangeKind>();
  for (const [path, kind] of difference.changes) changes.set(whole(path), whole(path) === path ? kind : "update");
  for (const secret of secrets) {
    const stays = before.includes(secret) && after.includes(secret);
    if (!stays && ![...changes.keys()].some((path) => isWithin(secret, path))) changes.set(secret, "update");
  }
  return { ...difference, changes, replaces: [...new Set(difference.replaces.map(whole))] };
}

/** A path in the engine's notation, such as `labels[0].value`. */
function asText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : text + pathStep(step);
  }, "");
}

/** True if a path is equal to a property's path, or below it. */
function isWithin(path: string, property: string): boolean {
  return path === property || path.startsWith(`${property}.`) || path.startsWith(`${property}[`);
}

function compareObjects(old: Properties, next: Properties, prefix: string, changes: Map<string, ChangeKind>): void {
  for (const name of new Set([...Object.keys(old), ...Object.keys(next)])) {
    compareValues(old[name], next[name], prefix + (prefix === "" ? name : pathStep(name)), changes);
  }
}

function compareValues(
  old: Value | undefined,
  next: Value | undefined,
  path: string,
  changes: Map<string, ChangeKind>,
): void {
  if (isAbsent(old) && isAbsent(next)) return;
  if (isAbsent(old)) changes.set(path, "add");
  else if (isAbsent(next)) changes.set(path, "delete");
  else if (isObject(old) && isObject(next)) compareObjects(old, next, path, changes);
  else if (isList(old) && isList(next)) compareLists(old, next, path, changes);
  else if (old !== next) changes.set(path, "update");
}

function compareLists(
  old: readonly Value[],
  next: readonly Value[],
  path: string,
  changes: Map<string, ChangeKind>,
): void {
  const length = Math.max(old.length, next.length);
  for (let index = 0; index < length; index++) compareValues(old[index], next[index], `${path}[${index}]`, changes);
}

function isAbsent(value: Value | undefined): value is null | undefined {
  return value === undefined || value === null;
}

/** A step of a path; a name with special characters is quoted in brackets. */
function pathStep(name: string): string {
  return /^\w+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
