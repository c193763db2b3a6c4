import { Buffer } from "node:buffer";
import { describe, expect, it, test } from "vitest";
import { bodySchemas } from "../../../model/document/bodies.ts";
import type { Document } from "../../../model/document/document.ts";
import { readDocument } from "../../../model/document/reader.ts";
import { writeDocument } from "../../../model/document/writer.ts";
import type { RenderedRelease, RenderedMigration, RenderedProject } from "../../../model/render/rendered.ts";
import {
  confirmDocument,
  migrationDocument,
  proxyDocument,
  rolloutDocument,
  sharedDocument,
  volumeDocument,
} from "../../../model/plan/service-documents.ts";
import type { SecretFile } from "../../../model/stack/secrets.ts";
import { digest, rolloutSettings } from "../stack/aaperture.ts";

const variables = { PASSWORD: "f1", TOKEN: "f2", UNUSED: "f3" };
const image = digest("registry.test/site", "1");
const place = { project: "site", directory: "/srv/site" };
const file = { mode: "0644", content: Buffer.from("limit 10\n") };
const secrets: Readonly<Record<string, SecretFile>> = {
  "secrets/token.1000": { variable: "TOKEN", owner: "1000", mode: "0400" },
};
const rendered = { ...place, compose: "name: site\n", files: { "relay.conf": file }, envFiles: {}, secrets: {} };
const alone = { variables: {}, written: () => "", before: [], after: [] };
const none = { variables: [], defaults: {}, mounts: {}, secrets: {}, volumes: {} };

describe("the document of a data volume", () => {
  test.each<[string, Parameters<typeof volumeDocument>[0], Document["body"]]>([
    [
      "files has its owner",
      { name: "jobs", volume: "shop_jobs", service: "queue", data: "files", cluster: undefined, major: undefined },
      { volume: "shop_jobs", service: "queue", data: "files" },
    ],
    [
      "Postgres also has the folder and version of the cluster",
      { name: "jobs", volume: "shop_jobs", service: "db", data: "postgres", cluster: "18/docker", major: "18" },
      { volume: "shop_jobs", service: "db", data: "postgres", cluster: "18/docker", major: "18" },
    ],
    [
      "a Postgres of unknown version has no version",
      { name: "jobs", volume: "shop_jobs", service: "db", data: "postgres", cluster: ".", major: undefined },
      { volume: "shop_jobs", service: "db", data: "postgres", cluster: "." },
    ],
    [
      "a name of others says that they make it, and how it is made if it is the stack's",
      {
        ...{ name: "jobs", volume: "old_jobs", service: "db", data: "files", cluster: undefined, major: undefined },
        ...{ external: true, making: { driver: "rclone" } },
      },
      { volume: "old_jobs", service: "db", data: "files", external: "true", making: { driver: "rclone" } },
    ],
  ])("with %s", (_, volume, body) => {
    expect(volumeDocument(volume)).toEqual({ kind: "volume", resource: "volume-jobs", body });
    expect(volumeDocument(volume, "machine-1:0").body).toEqual({ ...body, adopt: "machine-1:0" });
  });
});

describe("the document of the shared services", () => {
  it("of a site without any has only its compose file and env file", () => {
    expect(sharedDocument({ ...rendered, services: {} }, alone)).toEqual({
      kind: "compose",
      resource: "shared",
      body: { ...place, compose: Buffer.from("name: site\n"), services: {}, env: "/srv/site/.env" },
    });
  });

  it("has each service with the last writes of its files and the fingerprints of its own variables", () => {
    const relay = {
      ...{ ...none, image, deadline: 60, variables: ["PASSWORD", "NOT_SET"], volumes: { site_jobs: "files" as const } },
      mounts: { "/etc/relay.conf": "relay.conf" },
      secrets: { "/run/secrets/token": "TOKEN", "/run/secrets/lost": "LOST" },
    };
    const project: RenderedProject = {
      ...rendered,
      services: { relay, queue: { ...none, image, deadline: 5, job: "ends" } },
    };
    const facts = { ...alone, variables, written: (path: string) => `3.old of ${path}` };
    expect(sharedDocument(project, facts).body["services"]).toEqual({
      relay: {
        ...{ image, deadline: "60", variables: { PASSWORD: "f1" }, volumes: { site_jobs: "files" } },
        mounts: {
          "/etc/relay.conf": "3.old of relay.conf",
          "/run/secrets/token": "f2",
          "/run/secrets/lost": "",
        },
      },
      queue: { image, deadline: "5", job: "ends", mounts: {}, variables: {}, volumes: {} },
    });
  });
});

it("the document of the proxy has its configuration files, no env file and no variable", () => {
  const proxy = { ...none, image, deadline: 60, variables: ["PASSWORD"] };
  expect(proxyDocument({ ...rendered, services: { proxy } })).toEqual({
    kind: "compose",
    resource: "proxy",
    body: {
      ...place,
      compose: Buffer.from("name: site\n"),
      services: { proxy: { image, deadline: "60", mounts: {}, variables: {}, volumes: {} } },
      files: { "relay.conf": file },
    },
  });
});

describe("the document of a migration", () => {
  const migration: RenderedMigration = { ...rendered, service: "migrate", image, deadline: 600 };
  const body = {
    ...{ ...place, release: "7", service: "migrate", image, deadline: "600" },
    ...{ compose: Buffer.from("name: site\n"), env: { ".env": { staged: "env" } }, files: { "relay.conf": file } },
  };

  it("has the release, the image and the deadline, and no fingerprint of a variable", () => {
    expect(migrationDocument(migration, { version: "7", images: {} })).toEqual({
      kind: "migration",
      resource: "migration-migrate",
      body,
    });
  });

  it("has its secret files by owner and staged name (E9)", () => {
    expect(migrationDocument({ ...migration, secrets }, { version: "7", images: {} }).body).toEqual({
      ...body,
      secrets: { "secrets/token.1000": { mode: "0400", owner: "1000", staged: "variable.TOKEN" } },
    });
  });
});

describe("the document of a release", () => {
  const web = { ...none, image, deadline: 60, variables: ["PASSWORD"], port: 80, health: { path: "/" }, memory: 512 };
  const worker = {
    ...none,
    image,
    deadline: 20,
    variables: ["TOKEN", "NOT_SET"],
    port: undefined,
    health: undefined,
    memory: 0,
  };
  const release = (services: RenderedRelease["services"]): RenderedRelease => ({
    ...{ ...rendered, files: {}, services, routes: "http: {}\n", entryPoints },
  });
  const web80 = { service: "web", speaks: "http" } as const;
  const entryPoints = {
    "calls-80": { ...web80, port: 80, network: "shop_calls", address: undefined },
    "published-web-80": { ...web80, port: 8080, network: undefined, address: "0.0.0.0" },
  };
  const rollout = { ...place, release: { version: "7", images: {} }, variables, settings: rolloutSettings };
  const gate = { answers: "10", seconds: "3", interval: "0.2" };
  const ofWeb = { image, deadline: "60", port: "80", health: { path: "/" }, gate, volumes: {} };
  const watched = {
    entryPoints: {
      "calls-80": { service: "web", speaks: "http", port: "80", network: "shop_calls" },
      "published-web-80": { service: "web", speaks: "http", port: "8080", address: "0.0.0.0" },
    },
    watch: "5",
  };

  it("of one web service has its compose file, routes, probe and variables", () => {
    expect(rolloutDocument(rollout, release({ web }))).toEqual({
      kind: "rollout",
      resource: "rollout",
      body: {
        ...{ ...place, release: "7", compose: Buffer.from("name: site\n"), routes: Buffer.from("http: {}\n") },
        ...{ env: { ".env": { staged: "env", entries: { PASSWORD: "f1" } } }, files: {}, services: { web: ofWeb } },
        ...{ ...watched, memory: "512", made: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      },
    });
  });

  it("has the same sum of its colour if only its checks differ, and another one if its variables do", () => {
    const colourOf = (also: Partial<typeof rollout>, service = web) =>
      rolloutDocument({ ...rollout, ...also }, release({ web: service })).body["made"];
    const same = colourOf({});
    expect(colourOf({ settings: { ...rolloutSettings, watch: 60 } }, { ...web, health: { path: "/ready" } })).toBe(
      same,
    );
    expect(colourOf({ variables: { ...variables, PASSWORD: "f9" } })).not.toBe(same);
  });

  it("has the commit of a release that tells it, which changes nothing of what a colour is made of", () => {
    const { body } = rolloutDocument(
      { ...rollout, release: { ...rollout.release, commit: "abcdef0" } },
      release({ web }),
    );
    expect(body).toMatchObject({ commit: "abcdef0" });
    expect(body["made"]).toBe(rolloutDocument(rollout, release({ web })).body["made"]);
  });

  it("of several services has the variables of all, and no port and path of a worker", () => {
    const { env, services } = rolloutDocument(rollout, release({ web, worker })).body;
    expect(env).toEqual({ ".env": { staged: "env", entries: { PASSWORD: "f1", TOKEN: "f2" } } });
    expect(services).toEqual({ web: ofWeb, worker: { image, deadline: "20", gate, volumes: {} } });
  });

  it("reaches the server with the status and the headers of a health check", () => {
    const health = { path: "/ready", status: 204, headers: { "X-Probe": "yes" } };
    const document = rolloutDocument(rollout, release({ web: { ...web, health } }));
    const read = readDocument(writeDocument(document, { order: 1, attempt: "a" }));
    expect(bodySchemas.rollout.parse(read?.document.body).services["web"]?.health).toEqual(health);
  });

  it("has its secret files by owner and staged name (E9)", () => {
    expect(rolloutDocument(rollout, { ...release({ web }), secrets }).body["secrets"]).toEqual({
      "secrets/token.1000": { mode: "0400", owner: "1000", staged: "variable.TOKEN" },
    });
  });
});

describe("the document of a confirmation", () => {
  const confirmation = { ...place, release: { version: "7" }, rollout: "a".repeat(64), images: { web: image } };

  it("names the rollout by its hash, the images, and the state of the previous release", () => {
    expect(confirmDocument({ ...confirmation, warm: "stopped" })).toEqual({
      kind: "confirm",
      resource: "confirm",
      body: { ...place, release: "7", rollout: "a".repeat(64), images: { web: image }, warm: "stopped" },
    });
  });

  it("has the commit of a release that tells it", () => {
    const release = { version: "7", commit: "abcdef0" };
    expect(confirmDocument({ ...confirmation, release, warm: "none" }).body).toMatchObject({ commit: "abcdef0" });
  });
});
