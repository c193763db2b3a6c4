import { expect, test } from "vitest";
import { aaperture } from "./aaperture.ts";
import { hostOf } from "./main-host.ts";

test("the networks of a stack begin with its project, as Compose names them", () => {
  expect(hostOf(aaperture()).networks).toEqual({ data: "aaperture-staging_data", edge: "aaperture-staging_edge" });
});
