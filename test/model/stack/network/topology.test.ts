import { describe, expect, it } from "vitest";
import { stackProblems } from "../../../../model/plan/rules.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import type { Network } from "../../../../model/compose/network/network.ts";
import { migration, service, settings } from "../aaperture.ts";
import { mainOf } from "../main-host.ts";
import { given, here, made, problems, theirs, type Given } from "./networked-stack.ts";

describe("the networks of a stack", () => {
  it("are those of the file alone where no release is", () => {
    expect(
      made({ shared: { a: {}, b: { networks: { back: here } } }, networks: { back: { internal: true } } }),
    ).toEqual(["shop_back internal", "shop_default"]);
  });

  it("are those of the colours alone where no shared service is", () => {
    expect(made({ released: { web: {} } })).toEqual(["shop_default-blue", "shop_default-green", "shop-slipway-proxy"]);
  });

  it("are one more where both are, for the calls, and one for each release service that shares a port", () => {
    const both = ["shop_default", "shop_default-blue", "shop_default-green"];
    expect(made({ shared: { a: {} }, released: { web: {}, worker: { exposed: [] } } })).toEqual([
      ...both,
      "shop_default-calls internal",
      "shop-slipway-proxy",
    ]);
    expect(made({ shared: { a: {} }, released: { api: {}, web: {} } })).toEqual([
      ...both,
      "shop_default-calls-api internal",
      "shop_default-calls-web internal",
      "shop-slipway-proxy",
    ]);
  });

  it("have no way out of the server where the file's has none", () => {
    expect(made({ shared: { a: {} }, released: { web: {} }, networks: { default: { internal: true } } })).toEqual([
      ...["shop_default internal", "shop_default-blue internal", "shop_default-green internal"],
      ...["shop_default-calls internal", "shop-slipway-proxy"],
    ]);
  });

  it("are the file's also where a migration alone joins it", () => {
    const back = { networks: { back: here } };
    expect(made({ also: { migrations: [migration(back)] }, networks: { back: {} } })).toEqual(["shop_back"]);
  });

  it("of colours have no way out beside one that others made, of which nobody knows here whether it has one", () => {
    expect(made({ released: { web: { networks: { public: here } } }, networks: { public: theirs } })).toEqual([
      ...["the-public", "shop_public-blue internal", "shop_public-green internal", "shop-slipway-proxy"],
    ]);
  });

  it.each([
    [13, 26],
    [14, 25],
    [30, 24],
  ])("have room for %i containers and as many new ones, and a few more, in the half of a /%i", (scale, prefix) => {
    const [network] = mainOf(stackOf(given({ shared: { a: { fields: { scale } } } })).hosts).networks;
    expect(network?.prefix).toBe(prefix);
  });

  it("let a database reach only the release services that the file lets it reach", () => {
    const { services } = stackOf(
      given({
        shared: { db: { networks: { back: here } } },
        released: { api: { networks: { back: here, front: here } }, web: { networks: { front: here } } },
      }),
    );
    const db = services.find(({ name }) => name === "db");
    expect([db?.attachments.map(({ name }) => name), Object.keys(db?.joins ?? {})]).toEqual([
      ["shop_back"],
      ["shop_back-calls"],
    ]);
  });

  it("have the subnet of the stack, in which fixed addresses keep their places", () => {
    const asked: Given = {
      shared: { dns: { networks: { net: { aliases: [], fields: { ipv4_address: "172.20.0.2" } } } } },
      networks: { net: { ranges: [{ subnet: "172.20.0.0/24", gateway: "172.20.0.1" }] } },
      also: { networks: { range: "10.213.0.0/16", subnets: { net: "172.21.4.0/24" } } },
    };
    const [dns] = stackOf(given(asked)).services;
    expect(dns?.attachments[0]?.fields).toEqual({ ipv4_address: "172.21.4.2" });
    expect(mainOf(stackOf(given(asked)).hosts).networks[0]?.ranges).toEqual([
      { subnet: "172.21.4.0/24", gateway: "172.21.4.1" },
    ]);
    expect(problems(asked)).toEqual([]);
  });

  it("have the subnet of the stack for a migration as well", () => {
    const fixed = { networks: { net: { aliases: [], fields: { ipv4_address: "172.20.0.9" } } } };
    const migrations = [{ service: service("migrate", fixed), settings: settings(), deadline: 60 }];
    const networks = { net: { ranges: [{ subnet: "172.20.0.0/24" }] } };
    const also = { migrations, networks: { range: "10.213.0.0/16", subnets: { net: "172.21.4.0/24" } } };
    const migrating = stackOf(given({ released: { web: {} }, networks, also })).services.at(-1);
    expect(migrating?.attachments[0]?.fields).toEqual({ ipv4_address: "172.21.4.9" });
  });
});

describe("the names of networks", () => {
  const twice = { one: { name: "same" }, two: { name: "same" } };
  const both = { networks: { one: here, two: here } };

  it("are told once where two are the same, on however many hosts", () => {
    const { hosts, ...others } = given({ shared: { a: both }, networks: twice });
    const told = stackProblems(stackOf({ ...others, hosts: { ...hosts, second: mainOf(hosts) } }));
    expect(told.map(describeProblem)).toEqual([
      "compose.networks.two: has the name of 'one' on the server, got 'same'; " +
        "give the network another name in the compose file",
    ]);
  });

  it("are rejected where the files of a release have one of them for a colour", () => {
    const networks = { default: {}, "default-blue": { name: "other" } };
    const everywhere = { networks: { default: here, "default-blue": here } };
    expect(problems({ shared: { nginx: everywhere }, released: { web: everywhere }, networks })).toEqual([
      "compose.networks.default-blue: is what slipway calls a network of its own in the files of the release, " +
        "got 'default-blue'; give the network another name in the compose file",
    ]);
  });

  it("that the file does not define are no names of JavaScript's own", () => {
    const networks: Record<string, Network> = { constructor: {} };
    expect(problems({ shared: { a: { networks: { constructor: here } } }, networks })).toEqual([]);
  });
});

describe("a subnet that the stack has for a network", () => {
  const subnets = { public: "172.21.0.0/24", colours: "172.22.0.0/24", absent: "172.23.0.0/24" };

  it("is rejected where the stack does not make that network for shared services", () => {
    const shared = { a: { networks: { public: here } } };
    const released = { web: { networks: { colours: here } } };
    const also = { networks: { range: "10.213.0.0/16", subnets } };
    expect(problems({ shared, released, networks: { public: theirs }, also })).toEqual(
      Object.keys(subnets).map(
        (name) =>
          `networks.${name}: is not a network that the stack creates for its shared services; ` +
          "correct the name, or remove it",
      ),
    );
  });

  it("is needed for a fixed address, unless others made the network", () => {
    const fixed = { networks: { net: { aliases: [], fields: { ipv4_address: "172.20.1.2" } } } };
    const asked = (net: Network): string[] => problems({ shared: { dns: fixed }, networks: { net } });
    const message = (own: string): string =>
      "compose.services.dns.networks.net.ipv4_address: is in no subnet of the network, " +
      `got '172.20.1.2' and for the network ${own}; ` +
      "let ipam.config of the network, or networks.net.subnet, name a subnet with that address";
    expect(asked({})).toEqual([message("none that is named")]);
    expect(asked({ ranges: [{ subnet: "172.20.0.0/24" }] })).toEqual([message("172.20.0.0/24")]);
    expect(asked({ ranges: [{ subnet: "172.20.0.0/16" }] })).toEqual([]);
    expect(asked(theirs)).toEqual([]);
  });
});

const vpn = { networkMode: { kind: "service", service: "vpn" } } as const;
const stays = "remove services.client.release, so that it stays as it is from release to release";

describe("a service in the network of another one (M4)", () => {
  it.each<[string, Given, string]>([
    [
      "of a release behind a VPN that stays",
      { shared: { vpn: {} }, released: { client: vpn } },
      `names a service that stays while colours of this one change, got 'service:vpn'; ${stays}`,
    ],
    [
      "that stays behind one of a release",
      { shared: { client: vpn }, released: { vpn: {} } },
      "names a service whose containers change with each release, got 'service:vpn'; " +
        "mark both or neither of them with services.<service>.release: 'client' and 'vpn'",
    ],
    [
      "of a release behind a container of others",
      { released: { client: { networkMode: { kind: "container", container: "gluetun" } } } },
      `puts both colours into the network of one container, got 'container:gluetun'; ${stays}`,
    ],
    [
      "of a release on the server's own network",
      { released: { client: { networkMode: { kind: "host" } } } },
      `lets both colours of a release listen on the same ports of the server, got 'host'; ${stays}`,
    ],
  ])("is rejected %s, and following the message keeps its network", (_, asked, message) => {
    expect(problems(asked)).toEqual([`compose.services.client.network_mode: ${message}`]);
    const followed = { shared: { ...asked.released, ...asked.shared } };
    expect(problems(followed)).toEqual([]);
    const client = stackOf(given(followed)).services.find(({ name }) => name === "client");
    expect(client?.compose.networkMode).toEqual((asked.released ?? {})["client"]?.networkMode ?? vpn.networkMode);
    expect(client?.attachments).toEqual([]);
  });
});
