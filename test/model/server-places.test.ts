import { expect, test } from "vitest";
import { claimFile, dataFile, stackProgram } from "../../model/server-places.ts";

test("a stack's files on a server have an `@` in place of the `/` of its name", () => {
  expect(claimFile("shop/live")).toBe("/var/lib/slipway/claims-1/shop@live");
  expect(dataFile("shop/live", "shop_pgdata")).toBe("/var/lib/slipway/data-1/shop@live@shop_pgdata");
  expect(stackProgram("shop/live")).toBe("/var/lib/slipway/stacks/shop@live/slipway");
});
