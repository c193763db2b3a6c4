import { isInside } from "../../path.ts";
import type { Problem } from "../../problem.ts";
import { runningDatabase } from "./kept-data.ts";
import type { ServiceBase } from "../service.ts";

/** A program that keeps data of its own, as its published images run it. */
interface Store {
  readonly noun: string;
  /** The end of the repository's name; any image where the folders alone tell. */
  readonly images?: RegExp;
  readonly folders: readonly string[];
}

/** Programs of which two must never run on the same data. A folder that other images have as well needs the image. */
const stores: readonly Store[] = [
  {
    noun: "database",
    folders: [
      ...["/var/lib/postgresql", "/var/lib/mysql", "/data/configdb", "/var/lib/mongodb", "/opt/couchdb/data"],
      ...["/var/lib/influxdb", "/var/lib/influxdb2", "/var/lib/influxdb3", "/var/lib/clickhouse", "/var/lib/cassandra"],
      ...["/var/lib/scylla", "/var/lib/arangodb3", "/cockroach/cockroach-data", "/var/opt/mssql", "/var/lib/neo4j"],
      ...["/home/postgres/pgdata", "/opt/oracle/oradata", "/qdrant/storage", "/meili_data", "/var/lib/milvus"],
    ],
  },
  {
    noun: "search engine",
    folders: ["/usr/share/elasticsearch/data", "/usr/share/opensearch/data", "/var/solr", "/var/lib/manticore"],
  },
  { noun: "queue", folders: ["/var/lib/rabbitmq", "/var/lib/kafka", "/var/lib/zookeeper", "/var/lib/activemq/data"] },
  {
    noun: "store of keys",
    folders: ["/var/lib/redis", "/var/lib/valkey", "/var/lib/etcd", "/etcd-data", "/consul/data"],
  },
  {
    noun: "store of keys",
    images: /(^|\/)(redis|redis-stack|redis-stack-server|valkey|keydb|dragonfly|etcd|nats|zookeeper)$/,
    folders: ["/data", "/datalog", "/default.etcd"],
  },
  { noun: "database", images: /(^|\/)(neo4j|rethinkdb|surrealdb|typesense|minio)$/, folders: ["/data"] },
  { noun: "database", images: /mongo/, folders: ["/data/db"] },
  { noun: "database", images: /(^|\/)bitnami[a-z]*\/[a-z0-9-]+$/, folders: ["/bitnami"] },
];

/**
 * Requires that no known database comes in colours, nor any service that writes where a database or the like keeps its
 * data, by whatever name its image goes: two servers would run on one cluster, or each on its own.
 */
export function ensureNoDatabaseIsReleased({ services }: { readonly services: readonly ServiceBase[] }): Problem[] {
  return services
    .filter(({ part }) => part === "release")
    .flatMap((service) => {
      const what = doubled(service);
      const todo = "remove it: a shared service takes its image from the release document as well, and keeps its data";
      return what === undefined ? [] : [{ path: `services.${service.name}.release`, what, todo }];
    });
}

function doubled(service: ServiceBase): string | undefined {
  const database = runningDatabase(service);
  if (database !== undefined)
    return `would run a second database beside the first during each switch, got '${database.image}'`;
  const [store] = keptIn(service);
  return store && `would run a second ${store.noun} on the data of the first during each switch, got '${store.target}'`;
}

/** The mounts in which a service keeps such data, with the kind of it. */
function keptIn({ mounts, references }: ServiceBase): { readonly noun: string; readonly target: string }[] {
  const repositories = references.map((reference) => reference.replace(/@.*/, "").replace(/:[^/:]*$/, ""));
  const own = stores.filter(({ images }) => images === undefined || repositories.some((one) => images.test(one)));
  return mounts.flatMap((mount) => {
    const { type, target } = mount;
    if (type === "tmpfs" || type === "secret" || mount.readOnly) return [];
    if (type === "volume" && mount.source === undefined) return [];
    const store = own.find(({ folders }) => folders.some((folder) => isInside(target, folder)));
    return store === undefined ? [] : [{ noun: store.noun, target }];
  });
}
