import { expect, test } from "vitest";
import { claimFile, dataFile, stackLauncher } from "../../model/server-places.ts";

test("a stack's files on a server have an `@` in place of the `/` of its name", () => {
  expect(claimFile("shop/live")).toBe("/var/lib/slipway/claims/shop@live.json");
  expect(dataFile("shop/live", "shop_pgdata")).toBe("/var/lib/slipway/data/shop@live@shop_pgdata.json");
  expect(stackLauncher("shop/live")).toBe("/var/lib/slipway/stacks/shop@live/slipway");
});
