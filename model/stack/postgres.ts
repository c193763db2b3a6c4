import { posix } from "node:path";
import type { Service } from "../compose/application.ts";
import { isMap, type Json } from "../json.ts";

/** Where a Postgres service keeps its cluster. */
export interface PostgresCluster {
  /** Absolute path in the container. */
  readonly path: string;
  /** Undefined where no image tells. */
  readonly major: number | undefined;
}

/** The home of Postgres in its images; their volume is here from version 18 on, and in `data` before. */
export const postgresHome = "/var/lib/postgresql";
export const postgresData = `${postgresHome}/data`;

/** The first major whose image keeps its cluster in a folder of the version's name. */
const firstVersioned = 18;

/** Whether a service runs Postgres, and where its cluster then lies. `images` are its references, each of which may tell something else: repository, tag. */
export function postgresCluster(service: Service, images: readonly string[]): PostgresCluster | undefined {
  const major = images.map(majorOf).find((found) => found !== undefined);
  const set = pgdataOf(service);
  const mounted = service.mounts.some(({ type, target }) => type === "volume" && isInside(target, postgresHome));
  if (!images.some(isPostgres) && !mounted && set === undefined) return undefined;
  return { path: set ?? defaultPath(major), major };
}

/** `PGDATA` as the service sets it. */
export function pgdataOf({ fields }: Service): string | undefined {
  const environment = fields["environment"];
  if (Array.isArray(environment)) return listed(environment);
  const set = isMap(environment) ? environment["PGDATA"] : undefined;
  return typeof set === "string" ? set : undefined;
}

/** The folder of `path` in what is mounted at `target`, `.` for itself; undefined where it lies elsewhere. */
export function folderIn(target: string, path: string): string | undefined {
  if (!isInside(path, target)) return undefined;
  return posix.relative(target, path) || ".";
}

/** Whether a path is another one or lies below it. */
export function isInside(path: string, parent: string): boolean {
  const relative = posix.relative(parent, path);
  return relative !== ".." && !relative.startsWith("../");
}

function listed(environment: readonly Json[]): string | undefined {
  const start = "PGDATA=";
  const entry = environment.find((line) => typeof line === "string" && line.startsWith(start));
  return typeof entry === "string" ? entry.slice(start.length) : undefined;
}

function defaultPath(major: number | undefined): string {
  if (major === undefined || major < firstVersioned) return postgresData;
  return `${postgresHome}/${major}/docker`;
}

function isPostgres(image: string): boolean {
  return /postgres|postgis|pgvector|timescale/.test(nameAndTag(image).name);
}

/** `17-alpine`, `18.1`, `17-3.5` of PostGIS, `pg18`, `2.17.2-pg17`. */
function majorOf(image: string): number | undefined {
  const { name, tag } = nameAndTag(image);
  const found =
    /(?:^|-)pg(\d+)/.exec(tag) ?? (/^(postgres|postgresql|postgis)$/.test(name) ? /^(\d+)/.exec(tag) : null);
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

function nameAndTag(image: string): { name: string; tag: string } {
  const last = image.replace(/@.*/, "").split("/").at(-1) ?? "";
  const [name = "", tag = ""] = last.split(":");
  return { name, tag };
}
