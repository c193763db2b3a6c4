import { describe, expect, it } from "vitest";
import { stackOf } from "../../../model/stack/derive.ts";
import { outputsOf } from "../../../model/stack/outputs.ts";
import { deployment, digest, migration, service } from "./aaperture.ts";
import { shop, site } from "./small-applications.ts";
import { at, mapped, tcp, udp } from "./port.ts";

describe("the plain outputs of a stack", () => {
  it("of one web service tell where it answers and which image it runs", () => {
    expect(outputsOf(stackOf(site()))).toEqual({
      project: "site",
      directory: "/srv/site",
      hosts: {
        main: {
          address: "server.test",
          ports: { web: { "80": ["0.0.0.0:8080"] } },
          urls: { web: "http://server.test:8080" },
          volumes: {},
          images: { web: digest("registry.test/site", "1") },
        },
      },
    });
  });

  it("tell the address of port 80 where a service publishes several and nobody says which answers requests", () => {
    const dns = service("dns", { image: digest("dns", "1"), ports: [tcp(53), udp(53), tcp(80)] });
    const ports = { dns: mapped({ 53: 53, "53/udp": 53, 80: 8080 }) };
    const { hosts } = outputsOf(stackOf(deployment([dns], {}, { ports })));
    expect(hosts).toMatchObject({ main: { urls: { dns: "http://127.0.0.1:8080" } } });
  });

  it("tell the server's own address where a port is open to all, and no address stands for all", () => {
    for (const all of ["0.0.0.0", "::"]) {
      const open = site({ ports: { web: at(8080, all) } });
      expect(outputsOf(stackOf(open)).hosts).toMatchObject({ main: { urls: { web: "http://server.test:8080" } } });
    }
  });

  it("write an address of IPv6 in brackets", () => {
    const local = site({ ports: { web: at(8080, "::1") } });
    expect(outputsOf(stackOf(local)).hosts).toMatchObject({ main: { urls: { web: "http://[::1]:8080" } } });
  });

  it("of several services have the volumes by name, and no image of the migration, which ends", () => {
    const migrated = shop({ migrations: [migration({ image: digest("registry.test/migrate", "3") })] });
    expect(outputsOf(stackOf(migrated))).toEqual({
      project: "shop",
      directory: "/srv/shop",
      hosts: {
        main: {
          address: "server.test",
          ports: { database: { "5432": ["127.0.0.1:5432"] }, web: { "3000": ["127.0.0.1:8000"] } },
          urls: { database: "http://127.0.0.1:5432", web: "http://127.0.0.1:8000" },
          volumes: { jobs: "shop_jobs", rows: "shop_rows" },
          images: {
            database: digest("postgres:18", "a"),
            queue: digest("redis:8", "b"),
            relay: digest("registry.test/relay", "c"),
            web: digest("registry.test/shop", "1"),
            worker: digest("registry.test/worker", "2"),
          },
        },
      },
    });
  });

  it("are those of each server by its name", () => {
    const { main } = site().hosts;
    if (main === undefined) throw new Error("the site lost its server");
    const north = { ...main, connection: { ...main.connection, host: "north.test" } };
    const { hosts } = outputsOf(stackOf(site({ hosts: { north } })));
    expect(Object.entries(hosts).map(([name, { address }]) => [name, address])).toEqual([["north", "north.test"]]);
  });
});
