import { describe, expect, it } from "vitest";
import { describeProblem } from "../../../model/problem.ts";
import { ensureImagesAreByDigest, proxyImage } from "../../../model/stack/images.ts";
import { aaperture, deployment, digest, service } from "./aaperture.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { stackProblems } from "../../../model/plan/rules.ts";

const written = digest("postgres:17", "1");
const stacks = digest("postgres", "2");
const releases = digest("registry.test/postgres", "3");

describe("the image of a service", () => {
  it.each([
    { of: "the release", release: { postgres: releases }, images: { postgres: stacks }, expected: releases },
    { of: "the stack", release: {}, images: { postgres: stacks }, expected: stacks },
    { of: "the compose file", release: {}, images: {}, expected: written },
    {
      of: "the compose file, as the stack's is a tag",
      release: {},
      images: { postgres: "postgres:17" },
      expected: written,
    },
  ])("comes from $of", ({ release, images, expected }) => {
    const services = [service("postgres", { image: written })];
    const given = deployment(services, {}, { images, release: { version: "1", images: release } });
    expect(stackOf(given).services[0]?.image).toBe(expected);
  });

  it("comes from the stack for the proxy, else from the release", () => {
    const release = { version: "1", images: {}, proxy: digest("traefik", "9") };
    expect(proxyImage(aaperture({ release }))).toBe(digest("traefik", "f"));
    expect(proxyImage(aaperture({ release, proxy: { image: undefined, memory: undefined } }))).toBe(release.proxy);
  });
});

describe("problems of images", () => {
  it("are none for aaperture, or for a release that is not known yet", () => {
    expect(ensureImagesAreByDigest(stackOf(aaperture()))).toEqual([]);
    expect(stackProblems(stackOf(aaperture({ release: undefined })))).toEqual([]);
  });

  it("rejects images without a digest (F31)", () => {
    const services = [service("redis", { image: "redis:8" }), service("built", { image: undefined }), service("api")];
    const release = { version: "1", images: { api: "registry.test/api:latest" } };
    const given = deployment(
      services,
      { api: { release: true } },
      { release, proxy: { image: "traefik:v3", memory: undefined } },
    );
    const api = {
      ...given,
      application: {
        ...given.application,
        services: { ...given.application.services, api: service("api", { image: undefined }) },
      },
    };
    expect(ensureImagesAreByDigest(stackOf(api)).map(describeProblem)).toEqual([
      "slipway.lock: has no digest for 'redis:8', the image of 'redis'; run `slipway lock`",
      "release.images: has no image by digest for 'built', got 'none'; let the build job write it into the release",
      "release.images: has no image by digest for 'api', got 'registry.test/api:latest'; " +
        "let the build job write it into the release",
      "slipway.lock: has no digest for 'traefik:v3', the image of the proxy; run `slipway lock`",
    ]);
  });
});
