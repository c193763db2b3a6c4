import { describe, expect, it } from "vitest";
import type { Mount } from "../../../../model/compose/application.ts";
import type { JsonMap } from "../../../../model/json.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { ensureNoDatabaseIsReleased } from "../../../../model/stack/data/released-stores.ts";
import { deployment, digest, service } from "../aaperture.ts";

const volume = (target: string, also: Partial<Extract<Mount, { type: "volume" }>> = {}): Mount => {
  return { type: "volume", source: "data", target, readOnly: false, ...also };
};
const folder = (target: string): Mount => ({ type: "host", source: "/srv/data", target, readOnly: false });

function problems(image: string, mounts: readonly Mount[] = [], fields: JsonMap = {}): string[] {
  const given = deployment([service("db", { image, mounts, fields })], { db: { release: true } });
  return ensureNoDatabaseIsReleased(stackOf(given)).map(describeProblem);
}

const todo = "remove it: a shared service takes its image from the release document as well, and keeps its data";

describe("a database of a release", () => {
  it.each([
    "postgres:17",
    "bitnami/postgresql:17",
    "supabase/postgres:15.1",
    "timescale/timescaledb-ha:pg17",
    "pgvector/pgvector:pg17",
    "mysql:8",
    "mariadb:11",
    "percona/percona-server:8",
    "mongo:7",
    "bitnami/mongodb:7",
    "clickhouse/clickhouse-server:25",
    digest("registry.example.com/shop/postgres", "1"),
  ])("is rejected with and without a volume, since two would run during a switch: %s (F141)", (image) => {
    const what = `would run a second database beside the first during each switch, got '${image}'`;
    const refusal = `services.db.release: ${what}; ${todo}`;
    expect(problems(image)).toEqual([refusal]);
    expect(problems(image, [volume("/var/lib/mysql")])).toEqual([refusal]);
  });

  it("is no database where the service starts one of the image's other programs", () => {
    expect(problems("mysql:8", [], { command: ["mysqldump", "shop"] })).toEqual([]);
    expect(problems("registry.test/app:1")).toEqual([]);
  });
});

describe("a service of a release that writes where such data lies", () => {
  it.each<[image: string, mount: Mount, noun: string]>([
    ["registry.test/shop/store:1", volume("/var/lib/postgresql/data"), "database"],
    ["registry.test/shop/store:1", folder("/var/lib/mysql"), "database"],
    ["registry.test/shop/own-mongo:1", volume("/data/db"), "database"],
    ["docker.elastic.co/elasticsearch/elasticsearch:8", volume("/usr/share/elasticsearch/data"), "search engine"],
    ["rabbitmq:4", volume("/var/lib/rabbitmq"), "queue"],
    ["redis:8", volume("/data"), "store of keys"],
    ["valkey/valkey:8", volume("/data"), "store of keys"],
    ["bitnami/redis:7", volume("/bitnami/redis/data"), "database"],
    ["quay.io/coreos/etcd:v3", volume("/etcd-data"), "store of keys"],
  ])("is rejected by whatever name its image goes: %s", (image, mount, noun) => {
    const what = `would run a second ${noun} on the data of the first during each switch, got '${mount.target}'`;
    expect(problems(image, [mount])).toEqual([`services.db.release: ${what}; ${todo}`]);
  });

  it.each<[image: string, mount: Mount]>([
    ["registry.test/shop/api:1", volume("/app/uploads")],
    ["registry.test/shop/api:1", volume("/data")],
    ["registry.test/shop/backup:1", volume("/var/lib/postgresql/data", { readOnly: true })],
    ["redis:8", volume("/data", { source: undefined })],
    ["registry.test/shop/api:1", { type: "tmpfs", target: "/var/lib/mysql" }],
  ])("is not one that keeps nothing there: %s", (image, mount) => {
    expect(problems(image, [mount])).toEqual([]);
  });
});
