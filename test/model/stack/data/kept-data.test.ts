import { describe, expect, it } from "vitest";
import type { Mount } from "../../../../model/compose/application.ts";
import type { JsonMap } from "../../../../model/json.ts";
import { stackProblems } from "../../../../model/plan/rules.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { ensureDatabasesKeepTheirData } from "../../../../model/stack/data/kept-data.ts";
import { aaperture, deployment, digest, service } from "../aaperture.ts";
import { shop, site } from "../small-applications.ts";

const named = (target: string): Mount => ({ type: "volume", source: "data", target, readOnly: false });
const anonymous = (target: string): Mount => ({ type: "volume", source: undefined, target, readOnly: false });
const host = (target: string): Mount => ({ type: "host", source: "/srv/data", target, readOnly: false });

function problems(image: string, mounts: readonly Mount[] = [], fields: JsonMap = {}): string[] {
  const given = deployment([service("db", { image, mounts, fields })]);
  return ensureDatabasesKeepTheirData(stackOf(given)).map(describeProblem);
}

function refusal(image: string, folder: string, place = folder): string {
  return (
    `compose.services.db.volumes: mount nothing that keeps the data of this database at ${folder}, so its next ` +
    `container starts empty, got '${image}'; mount a named volume: \`volumes: [db-data:${place}]\`, and \`db-data:\` ` +
    "in the top-level volumes"
  );
}

it("a database's folder on the server is a data folder, other folders are as Compose makes them (F45)", () => {
  const folder = (source: string, target: string): Mount => {
    return { type: "host", source, target, readOnly: false, options: { create_host_path: true } };
  };
  const mounts = [folder("/srv/mysql", "/var/lib/mysql"), folder("/srv/in", "/docker-entrypoint-initdb.d")];
  const [db] = stackOf(deployment([service("db", { image: "mysql:8", mounts })])).services;
  expect(db?.mounts).toMatchObject([
    { type: "folder", path: "/srv/mysql" },
    { type: "host", options: { create_host_path: true } },
  ]);
  expect(db?.volumes).toEqual([{ name: "/srv/mysql", volume: "/srv/mysql", service: "db", data: "files" }]);
});

describe("a database", () => {
  it.each<[string, string, string?]>([
    ["postgres:17-alpine", "/var/lib/postgresql/data"],
    ["postgres:18", "/var/lib/postgresql/18/docker", "/var/lib/postgresql"],
    ["postgis/postgis:17-3.5", "/var/lib/postgresql/data"],
    ["timescale/timescaledb:2.17.2-pg17", "/var/lib/postgresql/data"],
    ["timescale/timescaledb-ha:pg17", "/home/postgres/pgdata/data"],
    ["mysql:8", "/var/lib/mysql"],
    ["lscr.io/linuxserver/mariadb:11", "/config"],
    ["registry.test:5000/mirror/mariadb:11", "/var/lib/mysql"],
    [digest("percona/percona-server", "1"), "/var/lib/mysql"],
    ["mongo:7", "/data/db"],
    ["couchdb", "/opt/couchdb/data"],
    ["influxdb:2", "/var/lib/influxdb2"],
    ["bitnami/postgresql:16", "/bitnami/postgresql"],
    ["mcr.microsoft.com/mssql/server:2022-latest", "/var/opt/mssql"],
  ])("%s is refused without a volume for its data, or with an anonymous one (SEC-A7)", (image, folder, place) => {
    expect(problems(image)).toEqual([refusal(image, folder, place)]);
    expect(problems(image, [anonymous(place ?? folder)])).toEqual([refusal(image, folder, place)]);
    expect(problems(image, [{ type: "tmpfs", target: folder }])).toEqual([refusal(image, folder, place)]);
    expect(problems(image, [named("/etc/db")])).toEqual([refusal(image, folder, place)]);
    expect(problems(image, [named(place ?? folder)])).toEqual([]);
    expect(problems(image, [host(place ?? folder)])).toEqual([]);
  });

  it("is rejected with a mount above the volume of its image, which lies over it (SEC-A7)", () => {
    expect(problems("mongo", [named("/data")])).toEqual([refusal("mongo", "/data/db")]);
    expect(problems("mysql:8", [host("/var/lib")])).toEqual([refusal("mysql:8", "/var/lib/mysql")]);
    const postgres = service("db", { image: "postgres:17", mounts: [host("/var/lib/postgresql")] });
    expect(stackProblems(stackOf(deployment([postgres]))).map(describeProblem)).toContain(
      "compose.services.db.volumes: mount '/srv/data' above /var/lib/postgresql/data, where images before version 18 " +
        "put a volume of their own over it, got '/var/lib/postgresql'; mount it at /var/lib/postgresql/data",
    );
    expect(problems("bitnami/mysql", [named("/bitnami")])).toEqual([]);
  });

  it("is rejected with a folder of the repository, which is delivered and not guarded (SEC-A7)", () => {
    const file: Mount = { type: "file", source: "data", target: "/var/lib/mysql", readOnly: false, files: [] };
    expect(problems("mysql:8", [file])).toEqual([refusal("mysql:8", "/var/lib/mysql")]);
    const folder: Mount = {
      type: "folder",
      source: "data",
      path: "/srv/data",
      target: "/var/lib/mysql",
      readOnly: false,
    };
    expect(problems("mysql:8", [folder])).toEqual([]);
  });

  it("is rejected with an anonymous volume below the named one (SEC-A7)", () => {
    const mounts = [named("/var/lib"), anonymous("/var/lib/mysql")];
    expect(problems("mysql:8", mounts)).toHaveLength(1);
    const environment = { PGDATA: "/pg/data" };
    expect(problems("postgres:17", [named("/pg"), anonymous("/pg/data")], { environment })).toHaveLength(1);
  });

  it("keeps its data where PGDATA or its command says", () => {
    const environment = { PGDATA: "/pg" };
    expect(problems("postgres:17", [host("/pg")], { environment })).toEqual([]);
    expect(problems("postgres:17", [host("/var/lib/postgresql/data")], { environment })).toEqual([
      refusal("postgres:17", "/pg"),
    ]);
    expect(problems("mysql:8", [named("/db")], { command: "--datadir=/db" })).toEqual([]);
    expect(problems("mysql:8", [named("/var/lib/mysql")], { command: ["mysqld", "--datadir", "/db"] })).toEqual([
      refusal("mysql:8", "/db"),
    ]);
    expect(problems("mongo", [named("/db")], { command: "mongod --dbpath /db" })).toEqual([]);
  });

  it.each<[string, JsonMap]>([
    ["a client", { command: "pg_dump --host db" }],
    ["a client behind an entry point of its own", { entrypoint: ["sh", "-c", "pg_dump"] }],
  ])("is not what runs where the service starts %s", (_, fields) => {
    expect(problems("postgres:17", [], fields)).toEqual([]);
    expect(problems("postgres:17", [], { command: ["postgres", "-c", "fsync=off"] })).toHaveLength(1);
    expect(problems("postgres:17", [], { command: "-c fsync=off" })).toHaveLength(1);
    expect(problems("postgres:17", [], { entrypoint: "docker-entrypoint.sh postgres" })).toHaveLength(1);
  });

  it.each([
    "redis:8",
    "prometheuscommunity/postgres-exporter",
    "mongo-express",
    "postgrest/postgrest",
    "dpage/pgadmin4",
  ])("is not %s, which may go without a volume", (image) => {
    expect(problems(image)).toEqual([]);
  });

  it("without a volume stops every plan of its stack", () => {
    const given = deployment([service("db", { image: digest("mysql", "1") })]);
    expect(stackProblems(stackOf(given)).map(({ path }) => path)).toEqual(["compose.services.db.volumes"]);
  });

  it("of aaperture and of the small applications lies in volumes", () => {
    for (const given of [aaperture(), site(), shop()]) {
      expect(ensureDatabasesKeepTheirData(stackOf(given))).toEqual([]);
    }
  });
});
