import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Claims, type HeldClaim } from "../../../host/claims/claims.ts";

function server() {
  const state = mkdtempSync(join(tmpdir(), "slipway-claims-"));
  onTestFinished(() => rmSync(state, { recursive: true }));
  return { claims: new Claims({ state }), at: (name: string) => join(state, "claims", name) };
}

const held: HeldClaim = {
  directory: '/srv/a "b" \\c &d\te\u0001é\n',
  real: "/srv/real",
  projects: { shop: "shared" },
  ports: { "80": "api" },
  volumes: { shop_data: "db" },
  networks: { shop_edge: "edge" },
  containers: { "shop-db": "db" },
  subnets: { "172.30.0.0/24": "edge" },
  chosen: { "10.213.0.0/26": "shop_edge-blue" },
};

describe("the claims on a server", () => {
  it("are none before slipway has been there, and each is told after that, with strange names as they are", () => {
    const { claims, at } = server();
    expect([claims.all(), claims.of("shop/live")]).toEqual([[], undefined]);
    claims.write("shop/live", held);
    expect(claims.of("shop/live")).toEqual(held);
    expect(claims.all()).toEqual([
      {
        ...{ stack: "shop/live", directory: held.directory, real: "/srv/real", readable: true },
        ...{ projects: ["shop"], ports: ["80"], volumes: ["shop_data"], networks: ["shop_edge"] },
        containers: ["shop-db"],
        subnets: ["172.30.0.0/24", "10.213.0.0/26"],
      },
    ]);
    expect(statSync(at("shop@live.json")).mode & 0o777).toBe(0o600);
    claims.remove("shop/live");
    expect(claims.all()).toEqual([]);
  });

  it("that cannot be read are told by their stack's name (F95)", () => {
    const { claims, at } = server();
    claims.write("shop/live", held);
    writeFileSync(at("cut@live.json"), '{"version":1,"directory":"/var');
    writeFileSync(at("newer@live.json"), JSON.stringify({ ...held, version: 2 }));
    mkdirSync(at("folder@live.json"));
    writeFileSync(at(".draft.7"), "of a run that died");
    expect(claims.all().map(({ stack, readable }) => `${stack} ${readable}`)).toEqual([
      "cut/live false",
      "folder/live false",
      "newer/live false",
      "shop/live true",
    ]);
  });

  it("keep what this version reads if a newer one has added something", () => {
    const { claims, at } = server();
    claims.write("shop/live", held);
    writeFileSync(at("shop@live.json"), JSON.stringify({ version: 1, ...held, names: { "shop.example": "web" } }));
    expect(claims.of("shop/live")).toEqual(held);
  });
});
