import { describe, expect, it } from "vitest";
import type { Service } from "../../../../model/compose/application.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { deployment, service } from "../aaperture.ts";
import { hostOf, releasePart } from "../main-host.ts";

const here = { aliases: [], fields: {} };
const web = { exposed: [{ first: 80, last: 80 }] };

function given(
  shared: Readonly<Record<string, Partial<Service>>>,
  released: Readonly<Record<string, Partial<Service>>>,
) {
  const services = Object.entries({ ...shared, ...released }).map(([name, also]) => service(name, also));
  const settings = Object.fromEntries(Object.keys(released).map((name) => [name, { release: true as const }]));
  return deployment(services, settings, { project: "shop" });
}

describe("the networks that the proxy joins", () => {
  it("have it at a fixed address where shared services call it, under the names of release services", () => {
    const stack = given({ db: { networks: { back: here } } }, { api: { ...web, networks: { back: here } } });
    expect(releasePart(hostOf(stack)).proxy.networks.joins).toEqual({
      "shop_back-blue": { aliases: [], fixed: false },
      "shop_back-green": { aliases: [], fixed: false },
      "shop_back-calls": { aliases: ["api"], fixed: true },
    });
  });

  it("are those of as few colours as lead to every release service", () => {
    const both = { ...web, networks: { back: here, front: here } };
    const stack = given({}, { api: both, site: both });
    expect(Object.keys(releasePart(hostOf(stack)).proxy.networks.joins)).toEqual(["shop_back-blue", "shop_back-green"]);
  });
});

describe("the places of a shared service", () => {
  it("leave its host name to the engine, which answers for it", () => {
    const { services } = stackOf(given({ db: { hostname: "db1", containerName: "the-db" } }, {}));
    expect(services[0]?.attachments.map(({ fields }) => fields)).toEqual([{ aliases: ["the-db"] }]);
  });
});
