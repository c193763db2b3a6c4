import { expect, test } from "vitest";
import { foreignMembers } from "../../../host/network/members.ts";
import { containerWith } from "../observe/container.ts";

test("a network has foreign members where a container is of no project of the stack, whatever it says (SEC-D5)", () => {
  const containers = [
    containerWith("shop-api-1", { project: "shop", networks: ["shop_back"] }),
    containerWith("runner", { networks: ["shop_back"] }),
    containerWith("of-another", { project: "other", networks: ["other_default", "shop_back"] }),
    containerWith("liar", { project: "shop", composed: false, networks: ["shop_back"] }),
    containerWith("elsewhere", { project: "other", networks: ["other_default"] }),
  ];
  expect(foreignMembers("shop_back", ["shop"], containers)).toEqual(["liar", "of-another", "runner"]);
  expect(foreignMembers("shop_front", ["shop"], containers)).toEqual([]);
});
