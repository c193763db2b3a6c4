import { postgresData, postgresHome, type PostgresCluster } from "./postgres.ts";

/** A database as its published images run it: where its data lies, and what starts it. */
export interface Database {
  /** The end of the repository's name. */
  readonly images: RegExp;
  /** The folders in which a version of it keeps its data, the newest version first. Images declare them as volumes. */
  readonly folders: readonly string[];
  /** The programs that start it; another command makes the image a client. */
  readonly programs: readonly string[];
  /** The option of its command that moves the folder. */
  readonly option?: string;
}

/**
 * The databases whose loss is a loss of data. Caches and search engines are not among them: what they hold is made
 * again from somewhere else.
 */
const databases: readonly Database[] = [
  {
    images: /(^|\/)((vchord-)?postgres|postgresql|postgis|pgvect(or|o-rs)|pgautoupgrade|timescaledb|citus|paradedb)$/,
    folders: [postgresData],
    programs: ["postgres"],
  },
  { images: /(^|\/)timescaledb-ha$/, folders: ["/home/postgres/pgdata/data", postgresData], programs: ["postgres"] },
  {
    images: /(^|\/)(mysql|mysql-server|community-server|mariadb|percona|percona-server|percona-xtradb-cluster)$/,
    folders: ["/var/lib/mysql"],
    programs: ["mysqld", "mariadbd", "mysqld_safe", "mariadbd-safe"],
    option: "--datadir",
  },
  {
    images: /(^|\/)(mongo|mongodb|mongodb-(community|enterprise)-server|percona-server-mongodb)$/,
    folders: ["/data/db"],
    programs: ["mongod"],
    option: "--dbpath",
  },
  { images: /(^|\/)couchdb$/, folders: ["/opt/couchdb/data"], programs: ["/opt/couchdb/bin/couchdb"] },
  {
    images: /(^|\/)influxdb$/,
    folders: ["/var/lib/influxdb2", "/var/lib/influxdb", "/var/lib/influxdb3"],
    programs: ["influxd", "influxdb3"],
  },
  { images: /(^|\/)clickhouse(-server)?$/, folders: ["/var/lib/clickhouse"], programs: ["clickhouse-server"] },
  { images: /(^|\/)cassandra$/, folders: ["/var/lib/cassandra"], programs: ["cassandra"] },
  { images: /(^|\/)neo4j$/, folders: ["/data"], programs: ["neo4j"] },
  { images: /(^|\/)arangodb$/, folders: ["/var/lib/arangodb3"], programs: ["arangod"] },
  { images: /(^|\/)rethinkdb$/, folders: ["/data"], programs: ["rethinkdb"] },
  { images: /(^|\/)cockroach$/, folders: ["/cockroach/cockroach-data"], programs: ["start", "start-single-node"] },
  { images: /(^|\/)mssql\/server$/, folders: ["/var/opt/mssql"], programs: ["/opt/mssql/bin/sqlservr"] },
];

/** The database of an image by its reference; undefined if it is none that is known. */
export function databaseOf(reference: string, postgres: PostgresCluster | undefined): Database | undefined {
  const repository = reference.replace(/@.*/, "").replace(/:[^/:]*$/, "");
  const found = databases.find(({ images }) => images.test(repository));
  if (found === undefined) return undefined;
  // These images keep all databases below one folder, which they do not declare as a volume.
  const name = /(^|\/)bitnami[a-z]*\/([a-z0-9-]+)$/.exec(repository)?.[2];
  if (name !== undefined) return { ...found, folders: [`/bitnami/${name}`] };
  // These keep everything of theirs there.
  if (/(^|\/)linuxserver\/[a-z0-9-]+$/.test(repository)) return { ...found, folders: ["/config"] };
  const [first] = found.folders;
  return first === postgresData && postgres !== undefined ? { ...found, folders: [postgres.path] } : found;
}

/** The folder that an image declares as a volume of its own, which lies over a mount above it. */
export function ownVolume(folder: string, postgres: PostgresCluster | undefined): string | undefined {
  if (folder.startsWith("/bitnami/")) return undefined;
  return postgres !== undefined && (postgres.major ?? 0) >= 18 ? postgresHome : folder;
}
