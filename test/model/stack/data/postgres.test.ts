import { describe, expect, it, test } from "vitest";
import type { Json } from "../../../../model/json.ts";
import { pgdataOf, postgresCluster } from "../../../../model/stack/data/postgres.ts";
import { digest, service } from "../aaperture.ts";

const before18 = "/var/lib/postgresql/data";
const plain = service("database");

function withEnvironment(environment: Json) {
  return service("database", { fields: { environment } });
}

describe("the Postgres cluster of a service", () => {
  test.each([
    { image: "postgres:17-alpine", path: before18, major: 17 },
    { image: "postgres:9.6", path: before18, major: 9 },
    { image: "postgres:18", path: "/var/lib/postgresql/18/docker", major: 18 },
    {
      image: digest("registry.test:5000/mirrors/postgres:18.1-alpine", "1"),
      path: "/var/lib/postgresql/18/docker",
      major: 18,
    },
    { image: "pgvector/pgvector:pg18", path: "/var/lib/postgresql/18/docker", major: 18 },
    { image: "pgvector/pgvector:0.8.1-pg17-trixie", path: before18, major: 17 },
    { image: "postgis/postgis:17-3.5", path: before18, major: 17 },
    { image: "timescale/timescaledb:2.17.2-pg16", path: before18, major: 16 },
    { image: "postgres:latest", path: before18, major: undefined },
    { image: digest("postgres", "1"), path: before18, major: undefined },
  ])("of $image has the version of the tag and its place", ({ image, path, major }) => {
    expect(postgresCluster(plain, [image])).toEqual({ path, major });
  });

  it("has the version of the first reference that tells one", () => {
    const references = [digest("registry.test/db", "1"), digest("postgres:18", "2"), "postgres:17"];
    expect(postgresCluster(plain, references)).toEqual({ path: "/var/lib/postgresql/18/docker", major: 18 });
  });

  it("is where PGDATA says, whatever the image is called", () => {
    const set = withEnvironment({ PGDATA: "/data/pg" });
    expect(postgresCluster(set, [digest("registry.test/db", "1")])).toEqual({ path: "/data/pg", major: undefined });
    expect(postgresCluster(set, ["postgres:18"])).toEqual({ path: "/data/pg", major: 18 });
  });

  it("is known by a volume at its usual place, too", () => {
    const mounted = (target: string) =>
      service("database", { mounts: [{ type: "volume", source: "rows", target, readOnly: false }] });
    const own = [digest("registry.test/db", "1")];
    expect(postgresCluster(mounted(before18), own)).toEqual({ path: before18, major: undefined });
    expect(postgresCluster(mounted("/var/lib/postgresql-backups"), own)).toBeUndefined();
  });

  it.each(["redis:17", "registry.test/postgres/api:17", "nginx:1-alpine"])("is none for %s", (image) => {
    expect(postgresCluster(plain, [image])).toBeUndefined();
  });
});

describe("the value of PGDATA", () => {
  test.each<[string, Json, string | undefined]>([
    ["a path", { PGDATA: "/data/pg" }, "/data/pg"],
    ["a variable if only the server knows it", { PGDATA: null }, "$PGDATA"],
    ["nothing without an environment", null, undefined],
  ])("is %s", (_, environment, value) => {
    expect(pgdataOf(withEnvironment(environment))).toBe(value);
  });
});
