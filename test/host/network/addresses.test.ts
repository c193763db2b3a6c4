import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { withAddresses } from "../../../host/network/addresses.ts";
import { NetworkMemory } from "../../../host/network/memory.ts";
import { addressPlaceholder } from "../../../model/placeholders.ts";
import { testServer } from "../verbs/server.ts";

const network = (name: string, subnet: string) => ({
  Id: `id of ${name}`,
  Name: name,
  IPAM: { Config: [{ Subnet: subnet }] },
});

function work() {
  const { work: workOn } = testServer();
  const networks = () => Promise.resolve([network("shop-door", "10.213.0.0/26"), network("other", "10.214.0.0/26")]);
  const proxy = Object.assign(workOn("compose:shop-slipway-proxy"), { networks });
  for (const name of ["shop-door", "shop-gone"]) new NetworkMemory(proxy.state).set(name, "10.213.0.0/26");
  return proxy;
}

test("the proxy's files get its addresses in the networks of the stack alone", async () => {
  const fill = await withAddresses(work());
  const text = ["shop-door", "other"].map(addressPlaceholder).join(" ");
  expect(Buffer.from(fill(Buffer.from(text))).toString()).toBe(`10.213.0.2 ${addressPlaceholder("other")}`);
});

test("rejects files with an address in a network that somebody removed, before one is written", async () => {
  const fill = await withAddresses(work());
  expect(() => fill(Buffer.from(addressPlaceholder("shop-gone")))).toThrow(
    "network 'shop-gone' is gone (document 4.2); run `pulumi up` again",
  );
});
