import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { networks } from "../../../../host/verbs/networks.ts";
import { base } from "../../../hosts/image/images.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { docker } from "../docker.ts";
import { leaves, networksFrom } from "../network/network.ts";
import { composeOnPath } from "./compose-on-path.ts";
import { Shop, type ShopServices } from "./shop.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

const bodyOf = networksFrom(171);

/** A shop with one network, in which all its services are. */
async function shopWithNetwork() {
  const shop = new Shop();
  const front = `${shop.project}-front`;
  leaves(front);
  const body = bodyOf({ [front]: { prefix: "26" } });
  await networks.apply(body, shop.server.work("networks"));
  const apply = async (services: ShopServices): Promise<void> => {
    const joined = { networks: { default: { name: front, external: true } } };
    const text = { ...(JSON.parse(shop.composeText(services)) as object), ...joined };
    await shop.applyBody(shop.document(services, { compose: Buffer.from(`${JSON.stringify(text)}\n`) }));
  };
  return { shop, apply, removeNetworks: async () => await networks.remove(body, shop.server.work("networks")) };
}

const cache = {};
const ill = { command: ["sh", "-c", "exit 5"], fields: { restart: "no" } };

describe("the services of a run that failed or was cut", () => {
  it("are removed with the networks, since no resource stands for them", async () => {
    const { shop, apply, removeNetworks } = await shopWithNetwork();
    await expect(apply({ cache, ill })).rejects.toThrow("'ill' is exited with exit code 5");
    expect(shop.names()).toEqual([shop.name("cache"), shop.name("ill")]);
    await removeNetworks();
    expect(shop.names()).toEqual([]);
    expect(docker("network", "ls", "--quiet", "--filter", `name=${shop.project}`)).toBe("");
    expect(readdirSync(shop.directory).filter((name) => name !== ".slipway")).toEqual([".env"]);
  });

  it("are removed, too, if they were applied by a run that was cut before it knew", async () => {
    const { shop, apply, removeNetworks } = await shopWithNetwork();
    await apply({ cache });
    await removeNetworks();
    expect(shop.names()).toEqual([]);
    expect(shop.work().state.hasApplied(`compose:${shop.project}`)).toBe(false);
    expect(shop.server.said).toContain(`compose: removes what a run left that did not end, compose:${shop.project}`);
  });
});
