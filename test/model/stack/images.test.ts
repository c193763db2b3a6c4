import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../model/problem.ts";
import { withRelease, type Deployment } from "../../../model/stack/deployment.ts";
import {
  ensureReleaseHasItsImages,
  ensureTagsAreLocked,
  proxyImage,
  type ServiceImage,
} from "../../../model/stack/images.ts";
import { aaperture, deployment, digest, lockedImage, migration, service } from "./aaperture.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { stackProblems } from "../../../model/plan/rules.ts";

const own = digest("postgres:17", "1");
const lock = { "redis:8": lockedImage("2"), "example/api:1": lockedImage("3") };
const images = { api: digest("registry.test/api", "4"), migrate: digest("registry.test/migrate", "5") };

/** The image of a service in a deployment. */
function imageIn(given: Deployment, name: string): Pick<ServiceImage, "image" | "imageFrom"> | undefined {
  const found = stackOf(given).services.find((one) => one.name === name);
  return found && { image: found.image, imageFrom: found.imageFrom };
}

describe("the image of a service", () => {
  const services = [
    service("api", { image: "example/api:1" }),
    service("worker", { image: "example/api:1" }),
    service("mailer", { image: "example/mailer:1", built: true }),
    service("redis", { image: "redis:8" }),
    service("db", { image: own }),
    service("cache", { image: "docker.io/library/redis:8" }),
  ];
  const release = { version: "1", images: { ...images, mailer: digest("registry.test/mailer", "6") } };
  const given = deployment(services, { api: { release: true } }, { release, lock });

  it.each([
    ["the release, for a service of it", "api", { imageFrom: "release", image: images.api }],
    ["the release, for a service that names the same image", "worker", { imageFrom: "release", image: images.api }],
    ["the release, if the file builds it", "mailer", { imageFrom: "release", image: release.images.mailer }],
    ["the lock, by its tag", "redis", { imageFrom: "lock", image: digest("redis:8", "2") }],
    ["the lock, as it is written", "cache", { imageFrom: "lock", image: digest("docker.io/library/redis:8", "2") }],
    ["the compose file, if that names a digest", "db", { imageFrom: "file", image: own }],
  ])("comes from %s", (_, name, expected) => {
    expect(imageIn(given, name)).toEqual(expected);
  });

  it("is the one that the release has for the service itself, before that of another", () => {
    const both = { ...release, images: { ...release.images, worker: digest("registry.test/worker", "7") } };
    expect(imageIn({ ...given, release: both }, "worker")?.image).toBe(both.images.worker);
  });

  it("comes from the lock for a migration with an image of its own, unless the stack says that it is released", () => {
    const flyway = migration({ image: "example/api:1" });
    const alone = deployment([], {}, { release, lock, migrations: [flyway] });
    expect(imageIn(alone, "migrate")).toEqual({ imageFrom: "lock", image: digest("example/api:1", "3") });
    const released = { ...flyway, settings: { ...flyway.settings, release: true } };
    expect(imageIn({ ...alone, migrations: [released] }, "migrate")?.image).toBe(images.migrate);
    expect(imageIn({ ...given, migrations: [flyway] }, "migrate")?.imageFrom).toBe("release");
  });

  it("is the compose file's digest, if a release has none for it; a note tells of one that is not used", () => {
    const pinned = deployment([service("api", { image: own })], { api: { release: true } });
    expect(imageIn(pinned, "api")).toEqual({ imageFrom: "release", image: own });
    expect(stackOf(pinned).notes.filter((note) => note.includes("digest"))).toEqual([]);
    expect(stackOf({ ...pinned, release }).notes).toContain(
      `api: the release decides its image; the compose file's digest is not used, got '${own}'`,
    );
  });

  it("is never one that an earlier release had, if the lock decides it", () => {
    const last = { version: "1", images: { ...images, redis: digest("redis", "9"), db: digest("postgres", "9") } };
    const kept = withRelease({ ...given, release: undefined }, last);
    expect(imageIn(kept, "redis")?.image).toBe(digest("redis:8", "2"));
    expect(imageIn(kept, "db")?.image).toBe(own);
    expect(imageIn({ ...kept, lock: {} }, "redis")?.image).toBe("redis:8");
  });

  it("is by digest for the proxy, too: in the lock, or in the configuration", () => {
    const locked = { "traefik:v3.6": lockedImage("7"), "example/traefik:1": lockedImage("8") };
    expect(proxyImage({ proxy: { image: "traefik:v3.6" }, lock: locked }).image).toBe(digest("traefik:v3.6", "7"));
    expect(proxyImage({ proxy: { image: "example/traefik:1" }, lock: locked }).image).toBe(
      digest("example/traefik:1", "8"),
    );
    expect(proxyImage({ proxy: { image: digest("traefik", "9") }, lock: locked }).image).toBe(digest("traefik", "9"));
  });
});

describe("problems of images", () => {
  const services = [
    service("redis", { image: "redis:8" }),
    service("built", { image: "example/built", built: true }),
    service("api", { image: undefined }),
  ];
  const release = { version: "1", images: { api: "registry.test/api:latest" } };
  const proxy = { image: "traefik:v3", memory: undefined };
  const given = deployment(services, { api: { release: true } }, { release, proxy });

  it("are none for aaperture, or for a release that is not known yet", () => {
    expect(stackProblems(stackOf(aaperture()))).toEqual([]);
    expect(stackProblems(stackOf(aaperture({ release: undefined })))).toEqual([]);
  });

  it("rejects tags that the lock lacks, also while the release is not known (F31)", () => {
    const expected = [
      "slipway.lock: has no digest for 'redis:8', the image of 'redis'; run `slipway lock`",
      "slipway.lock: has no digest for 'traefik:v3', the image of the proxy; run `slipway lock`",
    ];
    expect(ensureTagsAreLocked(stackOf(given)).map(describeProblem)).toEqual(expected);
    const unknown = stackProblems(stackOf({ ...given, release: undefined })).map(describeProblem);
    expect(unknown.filter((line) => line.startsWith("slipway.lock"))).toEqual(expected);
  });

  it("rejects a release without an image by digest for what comes with it (F31)", () => {
    expect(ensureReleaseHasItsImages(stackOf(given)).map(describeProblem)).toEqual([
      "release.images: has no image for 'built', which the compose file builds; " +
        "let the build job write it, as `slipway release --image built=<tag>` does",
      "release.images: has no image by digest for 'api', got 'registry.test/api:latest'; " +
        "let the build job write it, as `slipway release --image api=<tag>` does",
    ]);
  });
});
