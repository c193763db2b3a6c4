import { describe, expect, it } from "vitest";
import { stackOf } from "../../../../model/stack/derive.ts";
import { mainOf } from "../main-host.ts";
import { given, here, problems, theirs, type Given } from "./networked-stack.ts";

describe("the names and addresses of a service (M5)", () => {
  it("may be several of a release service, in its colour and for those who call it", () => {
    const web = {
      networks: { default: { aliases: ["shop", "www"], fields: {} } },
      containerName: "web-1",
      hostname: "w",
    };
    const stack = stackOf(given({ shared: { nginx: { links: { site: "web" } } }, released: { web } }));
    const names = ["web", "shop", "www", "web-1", "w", "site"];
    const released = stack.services.find(({ name }) => name === "web");
    expect(released?.attachments.at(-1)?.fields).toEqual({ aliases: names });
    const joins = mainOf(stack.hosts).parts.release?.proxy.networks.joins ?? {};
    expect(joins["shop_default-calls"]?.aliases).toEqual([...names].sort());
  });

  it("are the proxy's in a network of others, unless another release service has the port as well", () => {
    const released = { web: { networks: { public: here } }, api: { exposed: [{ first: 8080, last: 8080 }] } };
    const namesAt = (asked: Given): unknown =>
      mainOf(stackOf(given(asked)).hosts).parts.release?.proxy.networks.joins["the-public"]?.aliases;
    expect(namesAt({ released, networks: { public: theirs } })).toEqual(["web"]);
    expect(namesAt({ released: { ...released, api: {} }, networks: { public: theirs } })).toEqual([]);
    const shared = { a: { networks: { public: here } } };
    expect(namesAt({ shared, released: { web: {} }, networks: { public: theirs } })).toBeUndefined();
  });

  it("are rejected where a link gives a service of another part one that another service has", () => {
    const nginx = { links: { api: "web" } };
    expect(problems({ shared: { nginx, api: {} }, released: { web: {} } })).toEqual([
      "compose.services.nginx.links: gives 'web' a name that 'api' has in the same network, got 'api'; " +
        "let it call 'web' by that name",
    ]);
    expect(problems({ shared: { nginx, api: {}, web: {} } })).toEqual([]);
  });

  it("have the priority of the file in the network of the colour as well", () => {
    const web = { networks: { default: { aliases: [], fields: { priority: 5, interface_name: "eth1" } } } };
    const places = (asked: Given): unknown =>
      stackOf(given(asked))
        .services.find(({ name }) => name === "web")
        ?.attachments.map(({ fields }) => fields);
    expect(places({ shared: { db: {} }, released: { web } })).toEqual([
      { priority: 5, interface_name: "eth1" },
      { priority: 5, aliases: ["web"] },
    ]);
    expect(places({ released: { web } })).toEqual([{ priority: 5, interface_name: "eth1", aliases: ["web"] }]);
  });

  it("are rejected where both colours would have one address", () => {
    const web = { networks: { default: { aliases: [], fields: { ipv4_address: "172.20.0.9" } } } };
    expect(problems({ released: { web } })).toEqual([
      "compose.services.web.networks.default.ipv4_address: " +
        'would be of both colours of a release at the same time, got "172.20.0.9"; ' +
        "remove it and let others call 'web' by its name, or remove services.web.release",
    ]);
  });
});
