import { describe as group, expect, test } from "vitest";
import type { JsonMap } from "../../../model/json.ts";
import type { ServerView } from "../case/server-view.ts";
import { found, foundOn } from "./trial-lines.ts";

group("the comparison of networks", () => {
  test("sees a name that links give a service for another one alone", () => {
    const said = found(["original", "services/db/links", ["api:web"]]);
    expect(said).toEqual(['networks: db: name web: expected "api", found nothing']);
  });

  test("sees a network that others know by the name which its file gives it", () => {
    expect(found(["original", "networks/front/name", "web"])).toContain(
      'networks: web.name: expected "web", found nothing',
    );
  });

  test("looks from a service that has the network of another one out of that network", () => {
    const vpn = { networks: { front: null } };
    const inside = { network_mode: "service:vpn" };
    const said = found(
      ["original", "services/vpn", vpn],
      ["original", "services/db/network_mode", "service:vpn"],
      ["original", "services/db/networks", undefined],
      ["shared", "services/vpn", { networks: { back: null } }],
      ["shared", "services/db", inside],
    );
    expect(said).toContain('networks: db: reaches the world: expected "all ports", found nothing');
  });

  test("asks of a migration only whom it can reach before the services of its release", () => {
    const migrate: JsonMap = { networks: { back: null } };
    const withMigration = (server: ServerView): ServerView => {
      const [shared] = server.parts;
      if (shared === undefined) return server;
      const json = { services: { migrate }, networks: { back: { name: "shop_back", external: true } } };
      const names = new Map([["migrate", "migrate"]]);
      const part = { ...shared, name: "migration", kind: "migration" as const, order: 2, json, names };
      return { ...server, parts: [...server.parts, part] };
    };
    const said = foundOn(withMigration, ["original", "services/migrate", migrate]);
    expect(said.filter((line) => line.startsWith("networks: migrate"))).toEqual([]);
  });

  test("counts a port of the proxy in one of its networks only for those who are in that network", () => {
    const said = foundOn(
      ({ traefik, ...server }) => ({
        ...server,
        traefik: traefik && {
          ...traefik,
          static: { entryPoints: { inside: { address: "10.9.9.9:8080" }, published: { address: ":9001" } } },
        },
      }),
      ["proxy", "services/proxy/networks/back", { ipv4_address: "10.9.9.9" }],
    );
    expect(said).toContain('networks: db: name api: expected "api", found "api at no port"');
  });
});
