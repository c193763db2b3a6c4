import { expect, test } from "vitest";
import { externalNetworks } from "../../../model/render/networks.ts";

test("the networks of a stack are external in its compose files, so that Compose neither makes nor removes one", () => {
  expect(externalNetworks({ data: "shop_data", edge: "shop_edge" })).toEqual({
    data: { external: true, name: "shop_data" },
    edge: { external: true, name: "shop_edge" },
  });
});
