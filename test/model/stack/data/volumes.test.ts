import { describe, expect, it } from "vitest";
import type { Json } from "../../../../model/json.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { ensureVolumesHoldTheirData } from "../../../../model/stack/data/volumes.ts";
import { aaperture, deployment, digest, service } from "../aaperture.ts";
import { withService } from "../changed-service.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { hostOf } from "../main-host.ts";

function mount(source: string | undefined, target: string, readOnly = false) {
  return { type: "volume", source, target, readOnly } as const;
}

/** A Postgres service with one volume, which is its data volume unless given otherwise. */
function postgres(image: string, target: string, environment: Json = {}) {
  const services = [service("postgres", { image, mounts: [mount("pgdata", target)], fields: { environment } })];
  return deployment(services, { postgres: { data: { volume: "pgdata" } } });
}

describe("volumes", () => {
  it("have Compose's names, an owner and a kind of data", () => {
    const common = { cluster: undefined, major: undefined };
    expect(hostOf(aaperture()).volumes).toEqual([
      { name: "metrics", volume: "aaperture-staging_metrics", service: "prometheus", data: "files", ...common },
      {
        name: "pgdata",
        volume: "aaperture-staging_pgdata",
        service: "postgres",
        data: "postgres",
        cluster: ".",
        major: "17",
      },
    ]);
  });

  it.each([
    { image: "postgres:17-alpine", target: "/var/lib/postgresql/data", cluster: ".", major: "17" },
    { image: "postgres:18", target: "/var/lib/postgresql", cluster: "18/docker", major: "18" },
    { image: "postgres:18", target: "/var/lib/postgresql/18/docker", cluster: ".", major: "18" },
    { image: "postgres:18", target: "/var/lib/postgresql/", cluster: "18/docker", major: "18" },
    { image: digest("registry.test/db", "1"), target: "/var/lib/postgresql/data", cluster: ".", major: undefined },
  ])("of $image at $target hold the cluster in $cluster", ({ image, target, cluster, major }) => {
    expect(hostOf(postgres(image, target)).volumes).toEqual([
      { name: "pgdata", volume: "shop_pgdata", service: "postgres", data: "postgres", cluster, major },
    ]);
    expect(ensureVolumesHoldTheirData(stackOf(postgres(image, target)))).toEqual([]);
  });

  it("follow PGDATA", () => {
    const given = postgres("postgres:18", "/var/lib/postgresql/data", { PGDATA: "/var/lib/postgresql/data/pgdata" });
    expect(hostOf(given).volumes).toMatchObject([{ data: "postgres", cluster: "pgdata", major: "18" }]);
    expect(ensureVolumesHoldTheirData(stackOf(given))).toEqual([]);
  });

  it("take the version from the compose file's tag if the release's image has none", () => {
    const built = withService(postgres("postgres:18", "/var/lib/postgresql"), "postgres", { built: true });
    const given = { ...built, release: { version: "1", images: { postgres: digest("registry.test/db", "1") } } };
    expect(hostOf(given).volumes).toMatchObject([{ cluster: "18/docker", major: "18" }]);
  });

  it("hold files if they are not the cluster of a Postgres service", () => {
    const services = [
      service("postgres", {
        image: "postgres:17",
        mounts: [mount("pgdata", "/var/lib/postgresql/data"), mount("dumps", "/dumps")],
      }),
      service("mysql", { image: "mysql:9", mounts: [mount("mysql", "/var/lib/mysql")] }),
    ];
    const found = hostOf(deployment(services)).volumes;
    expect(found.map(({ name, data }) => [name, data])).toEqual([
      ["dumps", "files"],
      ["mysql", "files"],
      ["pgdata", "postgres"],
    ]);
  });

  it.each([
    { says: "declares it", settings: { zulu: { data: { volume: "files" } } }, owner: "zulu" },
    { says: "is shared", settings: { alpha: { release: true }, mike: { release: true } }, owner: "zulu" },
    { says: "writes it", settings: {}, owner: "mike" },
  ])("belong to the service that $says", ({ settings, owner }) => {
    const services = [
      service("alpha", { mounts: [mount("files", "/files", true)] }),
      service("mike", { mounts: [mount("files", "/files")] }),
      service("zulu", { mounts: [mount("files", "/files")] }),
    ];
    expect(hostOf(deployment(services, settings)).volumes).toMatchObject([{ name: "files", service: owner }]);
  });

  it("are as the compose file says: of others, with a name of their own, or made in a way of its own (M3)", () => {
    const names = ["media", "old", "own"];
    const asked = deployment([service("db", { mounts: names.map((name) => mount(name, `/${name}`)) })]);
    const making = { driver: "rclone", options: { path: "a" }, labels: { team: "b" } };
    const volumes = { media: making, old: { external: true, name: "old_data" }, own: { name: "its_own" } };
    const common = { service: "db", data: "files", cluster: undefined, major: undefined };
    expect(hostOf({ ...asked, application: { ...asked.application, volumes } }).volumes).toEqual([
      { name: "media", volume: "shop_media", making, ...common },
      { name: "old", volume: "old_data", external: true, ...common },
      { name: "own", volume: "its_own", ...common },
    ]);
  });

  it("without a mount, or with a dropped one, have no owner", () => {
    const services = [service("api", { mounts: [mount("cache", "/cache"), mount(undefined, "/tmp/cache")] })];
    expect(hostOf(deployment(services, { api: { drop: ["/cache"] } })).volumes).toEqual([]);
  });
});

describe("problems of volumes", () => {
  const at = "compose.services.postgres.volumes: mount 'pgdata'";

  it("are none for aaperture", () => {
    expect(ensureVolumesHoldTheirData(stackOf(aaperture()))).toEqual([]);
  });

  it.each([
    {
      image: "postgres:18-alpine",
      target: "/var/lib/postgresql/data",
      message:
        `${at} where the data is not, since this image keeps it in /var/lib/postgresql/18/docker, got ` +
        "'/var/lib/postgresql/data'; mount it at /var/lib/postgresql, or set PGDATA to where the data lies",
    },
    {
      image: "postgres:17",
      target: "/data",
      message:
        `${at} where the data is not, since this image keeps it in /var/lib/postgresql/data, got '/data'; ` +
        "mount it at /var/lib/postgresql/data, or set PGDATA to where the data lies",
    },
    {
      image: "postgres:17",
      target: "/var/lib/postgresql",
      message:
        `${at} above /var/lib/postgresql/data, where images before version 18 put a volume of their own over it, ` +
        "got '/var/lib/postgresql'; mount it at /var/lib/postgresql/data",
    },
    {
      image: "postgres:latest",
      target: "/var/lib/postgresql",
      message:
        `${at} above /var/lib/postgresql/data, where images before version 18 put a volume of their own over it, ` +
        "got '/var/lib/postgresql'; " +
        "mount it at /var/lib/postgresql/data, or name the image with its tag, such as 'postgres:18@sha256:…'",
    },
  ])("rejects $image with its data at $target (F47)", ({ image, target, message }) => {
    expect(ensureVolumesHoldTheirData(stackOf(postgres(image, target))).map(describeProblem)).toEqual([message]);
  });

  it("rejects a folder of the data that is a secret, which only the server knows (M16)", () => {
    const message =
      "compose.services.postgres.environment: has a secret for the folder of the data, so it is not known before the " +
      "service runs, got 'PGDATA'; set it in `variables` instead of `secrets`, or write the path itself";
    const filled = postgres("postgres:17", "/var/lib/postgresql/data", { PGDATA: "${PGDATA}" });
    expect(ensureVolumesHoldTheirData(stackOf(filled)).map(describeProblem)).toEqual([message]);
  });

  it("rejects a folder of the data with a control character", () => {
    const mounts = [mount("pgdata", "/data")];
    const environment = { PGDATA: "/data/x\nremove claim" };
    const given = deployment([service("postgres", { image: "postgres:17", mounts, fields: { environment } })]);
    expect(ensureVolumesHoldTheirData(stackOf(given)).map(describeProblem)).toEqual([
      "compose.services.postgres.environment: sets PGDATA to a path with a control character, " +
        'got "/data/x\\nremove claim"; write the path without it',
    ]);
  });

  it("rejects a data volume that the service does not mount", () => {
    const given = deployment([service("redis")], { redis: { data: { volume: "cache" } } });
    expect(ensureVolumesHoldTheirData(stackOf(given)).map(describeProblem)).toEqual([
      "services.redis.data.volume: is a volume that the service does not mount, got 'cache'; " +
        "name the volume of the compose file that holds its data",
    ]);
  });

  it("are none for a service that only looks like Postgres", () => {
    const services = [
      service("metrics", { image: "prometheuscommunity/postgres-exporter:v0.18", mounts: [mount("x", "/x")] }),
    ];
    expect(ensureVolumesHoldTheirData(stackOf(deployment(services)))).toEqual([]);
    expect(hostOf(deployment(services)).volumes).toMatchObject([{ data: "files" }]);
  });
});
