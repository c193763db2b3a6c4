import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import type { JsonMap } from "../../../model/json.ts";
import type { Mount, Service } from "../../../model/compose/application.ts";
import type { ServiceSettings } from "../../../model/stack/deployment.ts";

import { deployment, service, stackFile } from "../stack/aaperture.ts";
import { releaseOf, sharedOf } from "./rendering.ts";

const form = z.object({ services: z.record(z.string(), z.record(z.string(), z.unknown())), volumes: z.unknown() });

/** The service as Compose reads it. */
function rendered(also: Partial<Service>, settings: Partial<ServiceSettings> = {}, directory = "/srv/shop") {
  const { compose, services } = sharedOf(
    deployment([service("app", also)], { app: settings }, { directory, variables: { B: "1", A: "2" } }),
  );
  const { services: written, volumes } = form.parse(parse(compose));
  return { fields: written["app"] ?? {}, volumes, facts: services["app"] };
}

const logging = { driver: "json-file", options: { "max-file": "3", "max-size": "10m" } };

describe("a rendered service", () => {
  it("runs a pulled image, starts with the server and limits its log (F49)", () => {
    const { image, networks, ...fields } = rendered({}).fields;
    expect(image).toMatch(/@sha256:0{64}$/);
    expect(networks).toEqual({ default: {} });
    const own = { container_name: "shop-app" };
    expect(fields).toEqual({ ...own, pull_policy: "never", restart: "unless-stopped", logging });
  });

  it.each<[written: JsonMap, expected: JsonMap]>([
    [
      { options: { "max-size": "50m", tag: "app" } },
      { driver: "json-file", options: { "max-file": "3", "max-size": "50m", tag: "app" } },
    ],
    [{ driver: "json-file" }, logging],
    [{ driver: "local" }, { driver: "local" }],
    [
      { driver: "syslog", options: { tag: "app" } },
      { driver: "syslog", options: { tag: "app" } },
    ],
    [{ driver: "none" }, { driver: "none" }],
    [{ driver: "${DRIVER:-gelf}" }, { driver: "${DRIVER:-gelf}" }],
  ])("logs as the compose file says, with limits where there would be none: %j", (written, expected) => {
    expect(rendered({ fields: { logging: written } }).fields["logging"]).toEqual(expected);
  });

  it.each([
    [undefined, "unless-stopped", "unless-stopped"],
    ["always", "always", "unless-stopped"],
    ["unless-stopped", "unless-stopped", "unless-stopped"],
    ["on-failure:3", "on-failure:3", "on-failure:3"],
  ])("with restart %s has %s, and as a release service %s (F51)", (restart, shared, released) => {
    expect(rendered({ restart }).fields["restart"]).toBe(shared);
    const release = releaseOf(deployment([service("web", { restart })], { web: { release: true } }));
    expect(parse(release.compose)).toHaveProperty(["services", "web-<colour>", "restart"], released);
  });

  it.each([{ condition: "none" }, { condition: "any" }, { condition: "on-failure", max_attempts: 5 }])(
    "keeps the policy %j below deploy, which Compose follows rather than restart",
    (policy) => {
      const { fields } = rendered({ fields: { deploy: { restart_policy: policy } } });
      expect(fields["deploy"]).toEqual({ restart_policy: policy });
      expect(fields["restart"]).toBeUndefined();
      const both = rendered({ restart: "always", fields: { deploy: { restart_policy: policy } } });
      expect(both.fields).toMatchObject({ restart: "always", deploy: { restart_policy: policy } });
    },
  );

  it("leaves out a policy below deploy without a condition, with which Compose starts nothing again", () => {
    const fields = { deploy: { restart_policy: { delay: "5s" }, replicas: 2 } };
    expect(rendered({ fields }).fields).toMatchObject({ restart: "unless-stopped", deploy: { replicas: 2 } });
    expect(rendered({ fields }).fields["deploy"]).toEqual({ replicas: 2 });
    const alone = rendered({ restart: "on-failure", fields: { deploy: { restart_policy: {} } } });
    expect(alone.fields["restart"]).toBe("on-failure");
    expect(alone.fields["deploy"]).toBeUndefined();
  });

  it.each(["any", "always", "${RESTART:-any}"])(
    "of a release is never started again by the policy %s below deploy (F51)",
    (condition) => {
      const fields = { deploy: { restart_policy: { condition } } };
      const release = releaseOf(deployment([service("web", { fields })], { web: { release: true } }));
      const web: unknown = parse(release.compose);
      expect(web).toHaveProperty(["services", "web-<colour>", "restart"], "unless-stopped");
      expect(web).not.toHaveProperty(["services", "web-<colour>", "deploy"]);
    },
  );

  it("that is a job is not started again, unless the file says so", () => {
    expect(rendered({}, { job: true }).fields["restart"]).toBe("no");
    expect(rendered({ restart: "on-failure" }, { job: true }).fields["restart"]).toBe("on-failure");
  });

  it("keeps the developers' fields and their variables as written", () => {
    const fields = { command: ["sh", "-c", "echo $$HOME ${NAME:-x}"], labels: { a: "${B}" }, init: true, cpus: 0.5 };
    expect(rendered({ fields }).fields).toMatchObject(fields);
  });

  it("pulls nothing, whatever the compose file says", () => {
    expect(rendered({ fields: { pull_policy: "always" } }).fields["pull_policy"]).toBe("never");
  });

  it("has the stack's memory limit instead of the developers'", () => {
    const fields = {
      mem_limit: "1g",
      deploy: { resources: { limits: { memory: "1g", cpus: "2" }, reservations: { memory: "1m" } } },
    };
    expect(rendered({ fields }).fields).toMatchObject(fields);
    const limited = rendered({ fields }, { memory: 1024 }).fields;
    expect(limited["mem_limit"]).toBe(1024);
    expect(limited["deploy"]).toEqual({ resources: { limits: { cpus: "2" }, reservations: { memory: "1m" } } });
    expect(rendered({ fields: { deploy: { replicas: 2 } } }, { memory: 1024 }).fields["deploy"]).toEqual({
      replicas: 2,
    });
  });

  it.each<{ mount: Mount; entry: object }>([
    {
      mount: { type: "volume", source: "pgdata", target: "/data", readOnly: false },
      entry: { type: "volume", source: "pgdata", target: "/data" },
    },
    {
      mount: { type: "volume", source: undefined, target: "/data", readOnly: false },
      entry: { type: "volume", target: "/data" },
    },
    {
      mount: { type: "file", source: "nginx/nginx.conf", target: "/etc/nginx.conf", readOnly: true, files: [] },
      entry: {
        type: "bind",
        source: "/srv/shop/nginx/nginx.conf",
        target: "/etc/nginx.conf",
        read_only: true,
        bind: { create_host_path: false },
      },
    },
    {
      mount: { type: "host", source: "/etc/localtime", target: "/etc/local$time", readOnly: false },
      entry: { type: "bind", source: "/etc/localtime", target: "/etc/local$$time" },
    },
    {
      mount: {
        ...{ type: "host", source: "/srv/x", target: "/x", readOnly: false },
        options: { create_host_path: false, selinux: "z" },
      },
      entry: { type: "bind", source: "/srv/x", target: "/x", bind: { create_host_path: false, selinux: "z" } },
    },
    {
      mount: {
        ...{ type: "folder", source: "data", path: "/srv/shop/data", target: "/data", readOnly: false },
        options: { create_host_path: true, selinux: "Z" },
      },
      entry: {
        ...{ type: "bind", source: "/srv/shop/data", target: "/data" },
        bind: { create_host_path: false, selinux: "Z" },
      },
    },
    {
      mount: {
        ...{ type: "volume", source: "pgdata", target: "/data", readOnly: false },
        ...{ options: { subpath: "a" }, bind: { selinux: "z" } },
      },
      entry: {
        ...{ type: "volume", source: "pgdata", target: "/data" },
        ...{ volume: { subpath: "a" }, bind: { selinux: "z" } },
      },
    },
    { mount: { type: "tmpfs", target: "/run" }, entry: { type: "tmpfs", target: "/run" } },
  ])("mounts $mount.type $mount.source", ({ mount, entry }) => {
    expect(rendered({ mounts: [mount] }).fields["volumes"]).toEqual([entry]);
    expect(rendered({ mounts: [mount] }, { drop: [mount.target] }).fields["volumes"]).toBeUndefined();
  });

  it("uses external volumes by their names on the server", () => {
    const mounts: Mount[] = [
      { type: "volume", source: "pgdata", target: "/data", readOnly: false },
      { type: "volume", source: "dropped", target: "/dropped", readOnly: false },
      { type: "volume", source: undefined, target: "/cache", readOnly: false },
    ];
    const { volumes } = rendered({ mounts }, { drop: ["/dropped"] });
    expect(volumes).toEqual({ pgdata: { external: true, name: "shop_pgdata" } });
  });

  it("escapes dollar signs in the path of its env file", () => {
    expect(rendered({ envFiles: [stackFile] }, {}, "/srv/$shop").fields["env_file"]).toEqual(["/srv/$$shop/.env"]);
    expect(rendered({}).fields["env_file"]).toBeUndefined();
  });

  it("depends only on services of its own part of the stack", () => {
    const dependsOn = {
      redis: { condition: "service_started", required: false },
      gone: { condition: "service_started", required: true },
    } as const;
    const services = [service("app", { dependsOn }), service("redis")];
    const neededBy = (settings: Parameters<typeof deployment>[1], rendered = sharedOf) =>
      form.parse(parse(rendered(deployment(services, settings)).compose)).services;
    expect(neededBy({})["app"]?.["depends_on"]).toEqual({ redis: { condition: "service_started", required: false } });
    expect(neededBy({ app: { release: true } }, releaseOf)["app-<colour>"]?.["depends_on"]).toBeUndefined();
  });

  it("is restarted with a service of its part, as the file says", () => {
    const dependsOn = { redis: { condition: "service_healthy", required: true, restart: true } } as const;
    const { compose } = sharedOf(deployment([service("app", { dependsOn }), service("redis")]));
    expect(form.parse(parse(compose)).services["app"]?.["depends_on"]).toEqual({
      redis: { condition: "service_healthy", restart: true },
    });
  });
});

describe("the facts of a rendered service", () => {
  it("hold its image, deadline, variables and mounted files", () => {
    const file = { path: "a/b.conf", content: Buffer.from("x"), executable: false };
    const mount: Mount = { type: "file", source: "a", target: "/etc/a", readOnly: true, files: [file] };
    const { facts } = rendered({ mounts: [mount], variables: ["Z", "A"] }, { boot: 90 });
    expect(facts).toEqual({
      image: service("app").image,
      volumes: {},
      deadline: 90,
      variables: ["A", "Z"],
      defaults: {},
      mounts: { "/etc/a": "a" },
      secrets: {},
    });
  });

  it("hold every variable that is set if it reads the whole env file", () => {
    expect(rendered({ envFiles: [stackFile] }).facts?.variables).toEqual(["A", "B"]);
    const fields = { environment: { A: "1" } };
    expect(rendered({ envFiles: [stackFile], fields }).facts?.variables).toEqual(["B"]);
  });

  it("hold every volume that it mounts, even without data of its own", () => {
    const mount = (source: string | undefined, target: string): Mount => ({
      ...{ type: "volume", source, target, readOnly: false },
    });
    const mounts = [mount("db", "/data"), mount("dumps", "/dumps"), mount(undefined, "/tmp"), mount("old", "/old")];
    const { facts, fields } = rendered({ mounts }, { data: { volume: "db" }, drop: ["/old"] });
    expect(facts?.volumes).toEqual({ shop_db: "files", shop_dumps: "files" });
    expect(fields["networks"]).toEqual({ default: {} });
    expect(rendered({ mounts }).facts?.volumes).toHaveProperty("shop_dumps", "files");
  });
});
