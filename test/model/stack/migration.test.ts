import { describe, expect, it } from "vitest";
import type { Service } from "../../../model/compose/application.ts";
import { ensureMigrationIsOfTheRelease, ensureMigrationKeepsNoVolume } from "../../../model/stack/migration.ts";
import { describeProblem } from "../../../model/problem.ts";

import { aaperture, digest, migration } from "./aaperture.ts";
import { planOf } from "../plan/applied-plan.ts";
import { observed } from "../facts/observed.ts";
import { migrationOf } from "../render/rendering.ts";
import { ensureReleaseHasItsImages } from "../../../model/stack/images.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { releaseDocuments, sharedDocuments } from "../plan/parts-of-plan.ts";
import { hostOf, releasePart } from "./main-host.ts";

const api = "registry.test/api";
const releaseOf = (images: Readonly<Record<string, string>>) => ({ version: "1.0.0", images });
const given = { api: digest(api, "1"), web: digest("registry.test/web", "2") };

/** aaperture with a migration and a release with these images. */
function deployed(images: Readonly<Record<string, string>> = given, also: Partial<Service> = {}) {
  return aaperture({ migrations: [migration(also)], release: releaseOf(images) });
}

describe("a rendered migration", () => {
  const wanted = aaperture({
    migrations: [
      migration({ fields: { environment: { NODE_ENV: "production", ENVIRONMENT: "${ENVIRONMENT:-dev}" } } }),
    ],
  });

  it("is one service by digest that is not restarted, has ENVIRONMENT and is in the networks of its file (A9)", () => {
    expect(migrationOf(wanted)?.compose).toBe(
      [
        "name: aaperture-staging-migration",
        "networks:",
        "  default:",
        "    external: true",
        "    name: aaperture-staging_default",
        "services:",
        "  migrate:",
        "    container_name: aaperture-staging-migrate",
        "    environment:",
        "      ENVIRONMENT: staging",
        "      NODE_ENV: production",
        `    image: ${digest(api, "1")}`,
        "    logging:",
        "      driver: json-file",
        "      options:",
        '        max-file: "3"',
        "        max-size: 10m",
        "    networks:",
        "      default: {}",
        "    pull_policy: never",
        '    restart: "no"',
        "volumes: {}",
        "",
      ].join("\n"),
    );
  });

  it("is applied between the shared services and the release, and is a service of neither", () => {
    const plan = planOf(wanted, observed());
    const { rollout, proxy, migrations } = releaseDocuments(plan);
    const texts = [sharedDocuments(plan).compose, rollout, proxy].map(({ text }) => text);
    expect(texts.filter((text) => text.includes("migrate"))).toEqual([]);
    expect(plan.images.text).toContain("'api migrate'");
    expect(plan.claim.text).toContain("aaperture-staging-migration: 'migration'");
    expect(migrations[0]?.text).toContain("release: '1.0.0'");
  });

  it("has the same document for all secrets", () => {
    const text = (variables: Readonly<Record<string, string>>) => {
      return releaseDocuments(planOf({ ...wanted, variables }, observed())).migrations[0]?.text;
    };
    expect(text({ POSTGRES_PASSWORD: "one" })).toBe(text({ POSTGRES_PASSWORD: "two" }));
  });
});

describe("the image of a migration (F75)", () => {
  it.each([
    { what: "the release's own", images: { ...given, migrate: digest("registry.test/tools", "3") }, own: "x" },
    { what: "that of the service with the same image in the compose file", images: given, own: undefined },
  ])("is $what", ({ images, own }) => {
    const image = own ?? "ghcr.io/aaperture/api";
    const wanted = deployed(images, { image, ...(own !== undefined && { built: true }) });
    const { application } = wanted;
    const services = Object.values(application.services).map((one) => ({
      ...one,
      ...(one.name === "api" && { image: "ghcr.io/aaperture/api" }),
    }));
    const named = { ...application, services: Object.fromEntries(services.map((one) => [one.name, one])) };
    const [migrated] = releasePart(hostOf({ ...wanted, application: named })).migrations;
    expect(migrated?.service.image).toBe(own === undefined ? given.api : digest("registry.test/tools", "3"));
  });

  it("rejects none", () => {
    expect(ensureReleaseHasItsImages(stackOf(deployed(given))).map(describeProblem)).toEqual([
      "release.images: has no image for 'migrate'; " +
        "let the build job write it, as `slipway release --image migrate=<tag>` does",
    ]);
  });

  it("rejects another build of the api's repository", () => {
    const images = { ...given, migrate: digest(`${api}:v1`, "9") };
    expect(ensureMigrationIsOfTheRelease(stackOf(deployed(images))).map(describeProblem)).toEqual([
      "release.images: has another image for 'migrate' than for api, whose repository it shares, got " +
        `'${digest(`${api}:v1`, "9")}'; let the build job write one digest for them`,
    ]);
  });

  it("may have a repository of its own, or be that of one of several services which share its repository", () => {
    const images = { ...given, migrate: digest("registry.test:5000/tools", "9") };
    expect(ensureMigrationIsOfTheRelease(stackOf(deployed(images)))).toEqual([]);
    const shared = { api: digest(api, "1"), web: digest(`${api}:v2`, "2"), migrate: digest(api, "2") };
    expect(ensureMigrationIsOfTheRelease(stackOf(deployed(shared)))).toEqual([]);
  });
});

describe("the mounts of a migration", () => {
  const images = { ...given, migrate: given.api };
  const mounting = (source: string) =>
    deployed(images, { mounts: [{ type: "volume", source, target: "/data", readOnly: false }] });

  it("rejects a volume that no other service has", () => {
    expect(ensureMigrationKeepsNoVolume(stackOf(mounting("own"))).map(describeProblem)).toEqual([
      "compose.services.migrate.volumes: mount a volume that no service of the deployment has, got 'own'; " +
        "let the migration keep its state in the database, or drop the mount with services.migrate.drop",
    ]);
    expect(ensureMigrationKeepsNoVolume(stackOf(mounting("metrics")))).toEqual([]);
  });
});
