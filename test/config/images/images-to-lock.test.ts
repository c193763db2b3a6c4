import { expect, test } from "vitest";
import { platformsOf } from "../../../config/images/lock.ts";
import { servicesWithTags } from "../../../model/stack/images/lock.ts";
import { deployment, migration, service } from "../../model/stack/aaperture.ts";

test.each([
  ["those of the stack", {}, ["linux/amd64", "linux/arm64"]],
  ["its own, where the compose file names one", { platform: "linux/arm/v7" }, ["linux/arm/v7"]],
  ["those of the stack, where only a server knows its own", { platform: "${ARM}" }, ["linux/amd64", "linux/arm64"]],
])("the platforms of an image to lock are %s", (_, fields, expected) => {
  expect(platformsOf({ fields }, { platforms: ["linux/amd64", "linux/arm64"] })).toEqual(expected);
});

test("the images to lock are those of shared services and of migrations, unless the release has them", () => {
  const services = [service("db", { image: "postgres:17" }), service("api", { image: "shop/api" })];
  const locked = (image: string): string[] => {
    const given = deployment(services, { api: { release: true } }, { migrations: [migration({ image })] });
    return servicesWithTags(given).map(({ name }) => name);
  };
  expect(locked("flyway/flyway:11")).toEqual(["db", "migrate"]);
  expect(locked("shop/api")).toEqual(["db"]);
});
