import type { Service } from "../../compose/application.ts";
import { isInside } from "../../path.ts";

/** The place and version of a Postgres cluster. */
export interface PostgresCluster {
  /** Absolute path in the container. */
  readonly path: string;
  /** Undefined if no image tells it. */
  readonly major: number | undefined;
}

/** The home of Postgres in its images, and their volume from version 18 on. */
export const postgresHome = "/var/lib/postgresql";

/** The volume of the images before version 18. */
export const postgresData = `${postgresHome}/data`;

/** The first major version whose image keeps its cluster in a folder named after the version. */
const firstVersioned = 18;

/**
 * The cluster of a service; undefined if it does not run Postgres. `images` are all references to its image: one may
 * tell the repository, another one the version.
 */
export function postgresCluster(service: Service, images: readonly string[]): PostgresCluster | undefined {
  const major = images.map(majorOf).find((version) => version !== undefined);
  const set = pgdataOf(service);
  const mounted = service.mounts.some(
    ({ type, target }) => (type === "volume" || type === "folder") && isInside(target, postgresHome),
  );
  if (!images.some(isPostgres) && !mounted && set === undefined) return undefined;
  return { path: set ?? defaultPath(major), major };
}

/** The service's own value of `PGDATA`; that of a secret is not known. */
export function pgdataOf({ pgdata }: Pick<Service, "pgdata">): string | undefined {
  return pgdata && (pgdata.value ?? "$PGDATA");
}

function defaultPath(major: number | undefined): string {
  if (major === undefined || major < firstVersioned) return postgresData;
  return `${postgresHome}/${major}/docker`;
}

function isPostgres(image: string): boolean {
  return /postgres|postgis|pgvector|timescale/.test(nameAndTag(image).name);
}

/** The major version in a tag: `17-alpine`, `18.1`, `17-3.5` of PostGIS, `pg18`, `2.17.2-pg17`. */
function majorOf(image: string): number | undefined {
  const { name, tag } = nameAndTag(image);
  const match =
    /(?:^|-)pg(\d+)/.exec(tag) ?? (/^(postgres|postgresql|postgis)$/.test(name) ? /^(\d+)/.exec(tag) : null);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function nameAndTag(image: string): { name: string; tag: string } {
  const last = image.replace(/@.*/, "").split("/").at(-1) ?? "";
  const [name = "", tag = ""] = last.split(":");
  return { name, tag };
}
