import { expect, test } from "vitest";
import { NetworkMemory } from "../../../host/network/memory.ts";
import { networks } from "../../../host/verbs/networks.ts";
import { testServer } from "../verbs/server.ts";

const name = "constructor";

test("a network that is called like a property of Object has the subnet that is remembered, or none", async () => {
  const work = Object.assign(testServer().work("networks"), { networks: () => Promise.resolve([]) });
  const body = { range: "10.213.0.0/16", networks: { [name]: { prefix: 26 } } };
  expect(networks.told?.(body, work)).toEqual({ subnets: { [name]: [] } });
  expect(await networks.differences(body, work)).toEqual([
    { where: `network ${name}`, expected: "made for shop/staging", found: "missing" },
  ]);
  expect(new NetworkMemory(work.state).subnetOf(name)).toBeUndefined();
  new NetworkMemory(work.state).set(name, "10.213.0.0/26");
  expect(networks.told?.(body, work)).toEqual({ subnets: { [name]: ["10.213.0.0/26"] } });
});
