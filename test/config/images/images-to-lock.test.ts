import { expect, test } from "vitest";
import { imagesToLock, platformsOf } from "../../../config/images/lock.ts";
import { readDraft } from "../../../config/draft.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { deployment, migration, service } from "../../model/stack/aaperture.ts";

test.each([
  ["those of the stack", {}, ["linux/amd64", "linux/arm64"]],
  ["its own, where the compose file names one", { platform: "linux/arm/v7" }, ["linux/arm/v7"]],
  ["its own, in the form of the lock", { platform: "aarch64" }, ["linux/arm64"]],
  ["those of the stack, where it names no architecture", { platform: "linux" }, ["linux/amd64", "linux/arm64"]],
  ["those of the stack, where it is empty", { platform: "" }, ["linux/amd64", "linux/arm64"]],
  ["those of the stack, where only a server knows its own", { platform: "${ARM}" }, ["linux/amd64", "linux/arm64"]],
])("the platforms of an image to lock are %s", (_, fields, expected) => {
  expect(platformsOf({ fields }, { platforms: ["linux/amd64", "linux/arm64"] })).toEqual(expected);
});

test("the images to lock are those of shared services, migrations and the proxy, unless the release has them", () => {
  const { draft } = readDraft({ texts: {}, environment: {}, stack: "staging" });
  const services = [service("db", { image: "postgres:17" }), service("api", { image: "shop/api" })];
  const locked = (image: string): string[] => {
    const given = deployment(services, { api: { release: true } }, { migrations: [migration({ image })] });
    return imagesToLock(draft, stackOf(given)).map(({ service: of }) => of);
  };
  expect(locked("flyway/flyway:11")).toEqual(["db", "migrate", "slipway-proxy"]);
  expect(locked("shop/api")).toEqual(["db", "slipway-proxy"]);
});
