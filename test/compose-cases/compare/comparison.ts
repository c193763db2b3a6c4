import type { Json, JsonMap } from "../../../model/json.ts";
import { mapOf } from "../../../model/json.ts";
import type { CaseConfig } from "../case/original.ts";
import type { ServerPart, ServerView } from "../case/server-view.ts";

/** Two readings of one application: the original file, and what a server would get. */
export interface Comparison {
  readonly config: CaseConfig;
  /** The folder in which Compose read the original. */
  readonly folder: string;
  /** The folder that stands for the root of the server. */
  readonly root: string;
  readonly original: JsonMap;
  readonly server: ServerView;
  /** This Compose makes a folder for a missing source of a mount, unless a file says no. */
  readonly createsFolders: boolean;
  /** Every service that is in both. */
  readonly pairs: readonly Pair[];
}

/** A service in both readings. */
export interface Pair {
  readonly name: string;
  readonly original: JsonMap;
  readonly found: JsonMap;
  readonly part: ServerPart;
}

/** Puts a comparison together. */
export function comparisonOf(input: Omit<Comparison, "pairs">): Comparison {
  const originals = mapOf(input.original["services"]);
  const pairs = input.server.parts.flatMap((part) => {
    if (part.kind === "proxy") return [];
    return Object.entries(mapOf(part.json["services"])).flatMap(([key, found]): Pair[] => {
      const name = part.names.get(key) ?? key;
      const original = originals[name];
      return original === undefined ? [] : [{ name, original: mapOf(original), found: mapOf(found), part }];
    });
  });
  return { ...input, pairs };
}

/** The services of the original by name. */
export function originalServices({ original }: Pick<Comparison, "original">): [string, JsonMap][] {
  return Object.entries(mapOf(original["services"])).map(([name, service]) => [name, mapOf(service)]);
}

/** What the stack's configuration says of a service below a key, such as `services`. */
export function configured({ config }: Pick<Comparison, "config">, key: string, service: string): unknown {
  const value = config.keys[key];
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(service) : undefined;
}

/** The services that end: others wait for their end, the file says that nothing restarts them, or the stack says so. */
export function jobsOf(comparison: Pick<Comparison, "original" | "config">): ReadonlySet<string> {
  const services = originalServices(comparison);
  const awaited = services.flatMap(([, service]) =>
    Object.entries(mapOf(service["depends_on"]))
      .filter(([, entry]) => mapOf(entry)["condition"] === "service_completed_successfully")
      .map(([name]) => name),
  );
  // Who publishes a port serves, though nothing restarts it.
  const ending = services.filter(
    ([name, service]) => (restartOf(service) === "no" && service["ports"] === undefined) || isJob(comparison, name),
  );
  return new Set([...awaited, ...ending.map(([name]) => name)]);
}

/** Compose follows the policy below `deploy` rather than `restart`. */
function restartOf({ restart, deploy }: JsonMap): Json | undefined {
  const { condition } = mapOf(mapOf(deploy)["restart_policy"]);
  return condition === "none" ? "no" : (condition ?? restart);
}

function isJob(comparison: Pick<Comparison, "config">, name: string): boolean {
  const settings = configured(comparison, "services", name);
  return typeof settings === "object" && settings !== null && "job" in settings && settings.job === true;
}
