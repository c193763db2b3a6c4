import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { withClients } from "../../../host/network/clients.ts";
import { clientsPlaceholder } from "../../../model/placeholders.ts";
import { testServer } from "../verbs/server.ts";

const network = (Name: string, Driver: string, ...subnets: readonly string[]) => ({
  ...{ Id: Name, Name, Driver },
  IPAM: { Config: subnets.map((Subnet) => ({ Subnet })) },
});

async function filled(text: string): Promise<string> {
  const { work: workOn } = testServer();
  const networks = [
    network("public", "bridge", "172.20.0.0/16", "fd00::/64"),
    network("lan", "macvlan", "192.168.1.0/24"),
    network("odd", "bridge", "172.21.0.0/16`) || HostSNI(`*"),
  ];
  const work = Object.assign(workOn("rollout"), { networks: () => Promise.resolve(networks) });
  return Buffer.from(await withClients(Buffer.from(text), work)).toString();
}

const nobody = "ClientIP(`255.255.255.255/32`)";

test.each([
  ["a network of others", "public", "ClientIP(`172.20.0.0/16`) || ClientIP(`fd00::/64`)"],
  ["one that may be reached from beyond the server", "lan", "ClientIP(`0.0.0.0/0`) || ClientIP(`::/0`)"],
  ["one that is gone", "gone", nobody],
  ["one whose subnet is none", "odd", nobody],
])("requests of %s come from its addresses", async (_, name, condition) => {
  expect(await filled(`rule: (${clientsPlaceholder(name)})`)).toBe(`rule: (${condition})`);
});

test("routes without such a network stay as they are", async () => {
  expect(await filled("rule: <clients in >")).toBe("rule: <clients in >");
});
