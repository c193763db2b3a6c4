import { releaseDocuments, sharedDocuments } from "../plan/parts-of-plan.ts";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { SecretMount, Service } from "../../../model/compose/application.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import type { HostPlan } from "../../../model/plan/plan.ts";
import { stackProblems } from "../../../model/plan/rules.ts";
import { secretVariables } from "../../../model/stack/secrets.ts";
import { serviceMoves } from "../../../model/report/service-move.ts";
import { describeChanges } from "../../../model/report/document.ts";
import type { Observation } from "../../../model/facts/observation.ts";
import { documentsOf } from "../../../model/plan/plan.ts";
import { deployment, migration, service, digest } from "./aaperture.ts";
import { observed } from "../facts/observed.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { planOf } from "../plan/applied-plan.ts";

const secret = (uid: string, also: Partial<SecretMount> = {}): SecretMount => ({
  ...{ type: "secret", name: "db", variable: "DB_PASSWORD", uid, target: "/run/secrets/db" },
  ...also,
});
const variables = { DB_PASSWORD: "f1", OTHER: "f2" };
const services: readonly Service[] = [
  service("cache", { mounts: [secret("999")] }),
  service("grafana", { mounts: [secret("472", { target: "/etc/db" })] }),
  service("queue", { variables: ["OTHER"] }),
  service("api", { mounts: [secret("1000")] }),
  service("web"),
];
const settings = { api: { release: true }, web: { release: true } };
const images = { api: digest("api", "1"), web: digest("web", "2"), migrate: digest("api", "1") };

/** A shop whose services have a secret as a file. */
function shop(also: Partial<Deployment> = {}): Deployment {
  return deployment(services, settings, { variables, release: { version: "1", images }, ...also });
}

function plan(wanted: Deployment, observation: Observation = observed()): HostPlan {
  return planOf(wanted, observation);
}

/** The plan of a shop for a server on which another state of it was applied. */
function after(wanted: Deployment): HostPlan {
  const done = plan(shop());
  const applied = documentsOf(done).map(({ object, number, hash, text, document: { kind, resource } }) => ({
    ...{ object, kind, resource, number, hash, text },
    differences: [],
  }));
  return plan(wanted, observed({ applied, files: done.written }));
}

const compose = (body: unknown): unknown => parse(Buffer.from(body as Uint8Array).toString());

describe("secret files of a stack (E9)", () => {
  it("are one file for each user, with variable and owner but without a value", () => {
    const { secrets } = sharedDocuments(plan(shop()));
    const file = (owner: string) => ({
      ...{ mode: "0400", owner, staged: "variable.DB_PASSWORD", entries: { DB_PASSWORD: "f1" } },
    });
    expect(secrets.document.body["files"]).toEqual({
      ".env": { mode: "0600", owner: "root", staged: "env", entries: variables },
      "secrets/db.999": file("999"),
      "secrets/db.472": file("472"),
    });
  });

  it("of a release lie in the folder of each colour, and those of the migration in its own", () => {
    const ofMigration = migration({ mounts: [secret("70")] });
    const { rollout, migrations } = releaseDocuments(plan(shop({ migrations: [ofMigration] })));
    const file = (owner: string) => ({ mode: "0400", owner, staged: "variable.DB_PASSWORD" });
    expect(rollout.document.body["secrets"]).toEqual({ "secrets/db.1000": file("1000") });
    expect(rollout.document.body["env"]).toEqual({ ".env": { staged: "env", entries: { DB_PASSWORD: "f1" } } });
    expect(migrations[0]?.document.body["secrets"]).toEqual({ "secrets/db.70": file("70") });
    expect(secretVariables(stackOf(shop({ migrations: [ofMigration] })).services)).toEqual(["DB_PASSWORD"]);
  });

  it("are bind mounts and read-only, since Compose sets neither owner nor mode of a secret", () => {
    const whole = plan(shop());
    const { compose: shared } = sharedDocuments(whole);
    const { rollout } = releaseDocuments(whole);
    const bind = (source: string, target: string) => ({
      volumes: [{ type: "bind", source, target, bind: { create_host_path: false }, read_only: true }],
    });
    expect(compose(shared.document.body["compose"])).toMatchObject({
      services: {
        cache: bind("/srv/shop/secrets/db.999", "/run/secrets/db"),
        grafana: bind("/srv/shop/secrets/db.472", "/etc/db"),
      },
    });
    expect(shared.document.body["services"]).toMatchObject({
      cache: { mounts: { "/run/secrets/db": "f1" }, variables: { DB_PASSWORD: "f1" } },
      queue: { mounts: {}, variables: { OTHER: "f2" } },
    });
    expect(compose(rollout.document.body["compose"])).toMatchObject({
      services: { "api-<colour>": bind("/srv/shop/<colour>/secrets/db.1000", "/run/secrets/db") },
    });
  });

  it("change no document of a stack without secrets", () => {
    const without = plan(
      deployment([service("queue"), service("api")], settings, { release: { version: "1", images } }),
    );
    expect(releaseDocuments(without).rollout.document.body).not.toHaveProperty("secrets");
    const { secrets } = sharedDocuments(without);
    expect(Object.keys(secrets.document.body["files"] as object)).toEqual([".env"]);
  });

  it("restart exactly the services that mount a changed one", () => {
    const changed = after(shop({ variables: { ...variables, DB_PASSWORD: "f9" } }));
    expect(serviceMoves(changed)).toEqual([
      { service: "cache", move: "restarts", reasons: ["DB_PASSWORD changed"] },
      { service: "grafana", move: "restarts", reasons: ["DB_PASSWORD changed"] },
      { service: "api", move: "restarts", reasons: ["DB_PASSWORD changed"] },
      { service: "web", move: "restarts", reasons: ["it comes with the release"] },
    ]);
    const { before, document } = sharedDocuments(changed).secrets;
    expect(before && describeChanges(before, document)).toEqual([
      { path: "variable DB_PASSWORD", from: "set", to: "another value" },
      { path: "secret file secrets/db.472", from: "set", to: "another value" },
      { path: "secret file secrets/db.999", from: "set", to: "another value" },
    ]);
  });

  it("restart no service when another variable changes", () => {
    const changed = after(shop({ variables: { ...variables, OTHER: "f9" } }));
    expect(serviceMoves(changed).map(({ service: name }) => name)).toEqual(["queue"]);
  });

  it("are reported with owner and variable when they are added", () => {
    const wanted = deployment(
      [...services.filter(({ name }) => name !== "cache"), service("cache", { mounts: [secret("5")] })],
      settings,
      { variables, release: { version: "1", images } },
    );
    const { before, document } = sharedDocuments(after(wanted)).secrets;
    expect(before && describeChanges(before, document)).toEqual([
      { path: "secret file secrets/db.5", from: "", to: "set" },
      { path: "secret file secrets/db.999", from: "set", to: "" },
    ]);
  });

  it("rejects a file of the repository in their folder, unless the stack has no secrets", () => {
    const path = "secrets/app.conf";
    const content = { path, content: Buffer.from("a\n"), executable: false };
    const mount = { type: "file", source: path, target: "/app.conf", readOnly: true, files: [content] } as const;
    const mounting = (mounts: Service["mounts"]) => deployment([service("cache", { mounts })], {}, { variables });
    expect(stackProblems(stackOf(mounting([mount])))).toEqual([]);
    expect(stackProblems(stackOf(mounting([mount, secret("999")])))).toEqual([
      {
        path: "compose.services.cache.volumes",
        what: "mount a file where slipway keeps its own on the server, got 'secrets/app.conf'",
        todo: "move it to another folder of the repository",
      },
    ]);
  });
});

it("a secret that everybody in the container may read has a file of its own, for the services that ask for it", () => {
  const given = deployment(
    [services[0], services[1]].flatMap((one) => one ?? []),
    { grafana: { openSecrets: true } },
  );
  const { secrets } = sharedDocuments(planOf(given, undefined));
  expect(secrets.document.body["files"]).toMatchObject({
    "secrets/db.999": { mode: "0400", owner: "999", staged: "variable.DB_PASSWORD" },
    "secrets/db.all": { mode: "0444", owner: "0", staged: "variable.DB_PASSWORD" },
  });
});
