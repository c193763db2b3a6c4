import { expect, test } from "vitest";
import { ensureImagesRunThere } from "../../../../model/facts/images/platforms.ts";
import { hostNeeds } from "../../../../model/plan/claim.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { deployment, digest, lockedImage, service } from "../../stack/aaperture.ts";
import { hostOf } from "../../stack/main-host.ts";
import { observed } from "../observed.ts";

const both = { ...lockedImage("a"), platforms: ["linux/amd64", "linux/arm64/v8"] };

/** The problems of a stack on a server: a cache of the lock, a tool by digest, and what else is given. */
function problems(architecture: string, fields: Record<string, string> = {}, lock = lockedImage("a")): string[] {
  const services = [service("cache", { image: "redis:8", fields }), service("tool", { image: digest("tool", "1") })];
  const stack = { ...deployment(services), lock: { "redis:8": lock } };
  const needs = hostNeeds(stackOf(stack), hostOf(stack)).platforms;
  return ensureImagesRunThere(needs, observed({ host: { ...observed().host, architecture } })).map(describeProblem);
}

test("images run on a server if the lock has them for its platform, or nobody knows theirs", () => {
  expect(problems("x86_64")).toEqual([]);
  expect(problems("aarch64", {}, both)).toEqual([]);
  expect(problems("riscv64")).toEqual([]);
  expect(problems("aarch64", { platform: "${PLATFORM}" }, both)).toEqual([]);
});

test("rejects an image that the lock has for another platform than the server's", () => {
  expect(problems("aarch64")).toEqual([
    "compose.services.cache.image: is for linux/amd64, got a server that runs linux/arm64; add the server's platform " +
      "to `platforms`, and run `slipway lock`; an image that lacks it cannot run there",
  ]);
});

test("rejects a service whose own platform is not the server's", () => {
  expect(problems("aarch64", { platform: "linux/amd64" }, both)).toEqual([
    "compose.services.cache.platform: is for linux/amd64, got a server that runs linux/arm64; remove it if the image " +
      "has the server's platform too, or use a server that runs this one",
  ]);
});

test.each(["linux/amd64", "amd64", "linux/x86_64", "x86_64", "linux/amd64/v1", "linux", ""])(
  "a service of the platform %j runs on a server of the same one",
  (platform) => {
    expect(problems("x86_64", { platform })).toEqual([]);
    expect(
      problems("aarch64", { platform: platform.replace("amd64", "arm64").replace("x86_64", "aarch64") }, both),
    ).toEqual([]);
  },
);

test("rejects a proxy for another platform, where there is a release", () => {
  const proxy = { image: "traefik:v3", memory: undefined };
  const released = (release?: true) => {
    const plain = deployment([service("web", { image: digest("web", "1") })], { web: { ...(release && { release }) } });
    return { ...plain, proxy, lock: { "traefik:v3": lockedImage("a") } };
  };
  const paths = (release?: true): string[] => {
    const stack = released(release);
    const found = observed({ host: { ...observed().host, architecture: "aarch64" } });
    return ensureImagesRunThere(hostNeeds(stackOf(stack), hostOf(stack)).platforms, found).map(({ path }) => path);
  };
  expect(paths(true)).toEqual(["proxy.image"]);
  expect(paths()).toEqual([]);
});
