import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { base, traefik } from "../../../hosts/image/images.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { composeOnPath } from "../compose/compose-on-path.ts";
import { fullSeries } from "../../series.ts";
import { docker } from "../docker.ts";
import { ReachStack, type ReachFile } from "./reach-stack.ts";

let close = (): void => undefined;

beforeAll(async () => {
  await ensureImages([base, traefik], () => undefined);
  close = await composeOnPath();
});

afterAll(() => close());

const nowhere = { aliases: [], fields: {} };

/** A database in a network without a way out, a tool before the release, and two release services on one port. */
const shop: ReachFile = {
  networks: { back: { internal: true }, front: {} },
  services: {
    db: { networks: { back: nowhere } },
    tool: { networks: { front: nowhere } },
    api: { release: true, networks: { back: nowhere, front: { aliases: ["backend"], fields: {} } } },
    web: { release: true, networks: { front: nowhere }, containerName: "the-web", hostname: "web-host" },
  },
};

const shared: ReachFile = { ...shop, services: Object.fromEntries(Object.entries(shop.services).slice(0, 2)) };

describe("the services of a stack", () => {
  it("reach each other exactly where the compose file lets them, before the first release and later", async () => {
    const stack = new ReachStack();
    await stack.up(shared);
    expect(await stack.table("tool", "db", "api")).toEqual({ db: "no such name", api: "no such name" });
    const kept = ["db", "tool"].map((name) => stack.container(name));
    await stack.up(shop);
    // The first release service came, and nobody was made again.
    expect(["db", "tool"].map((name) => stack.container(name))).toEqual(kept);
    for (const version of ["1", "2"]) {
      if (version === "2") await stack.up(shop, version);
      const [api, web, colour] = [`api ${version}`, `web ${version}`, version === "1" ? "blue" : "green"];
      expect(await stack.table("tool", "api", "backend", "web", "the-web", "web-host", "db")).toEqual({
        ...{ api, backend: api, web, "the-web": web, "web-host": web, db: "no such name" },
      });
      expect(await stack.table("db", "api", "web", "tool")).toEqual({
        ...{ api, web: "no such name", tool: "no such name" },
      });
      expect(await stack.table(`api-${colour}`, "db", "tool", "web", "the-web", "backend")).toEqual({
        ...{ db: "db 1", tool: "tool 1", web, "the-web": web, backend: api },
      });
      expect(await stack.table(`web-${colour}`, "db", "tool", "api")).toEqual({
        ...{ db: "no such name", tool: "tool 1", api },
      });
    }
    expect(await stack.ask("db", "10.255.255.1")).toBe("no way");
    expect(await stack.differences()).toEqual([]);
  });

  it.runIf(fullSeries)("come back to where they call release services without being made again", async () => {
    const stack = new ReachStack();
    await stack.up(shop);
    const [db, proxy] = [stack.container("db"), stack.container("slipway-proxy")];
    const calls = `${stack.project}_back-calls`;
    docker("network", "disconnect", calls, db);
    docker("network", "disconnect", calls, proxy);
    expect(await stack.ask("db", "api")).toBe("no such name");
    expect(await stack.differences()).toEqual([
      "P-db in network P_back-calls: joined => not, or under other names",
      "P-slipway-proxy in network P_back-calls: joined => not, or under other names",
    ]);
    await stack.up(shop);
    expect(await stack.ask("db", "api")).toBe("api 1");
    expect([stack.container("db"), stack.container("slipway-proxy")]).toEqual([db, proxy]);
    expect(await stack.differences()).toEqual([]);
  });

  it("that stay lose no call to a release while it changes its colour", async () => {
    const stack = new ReachStack();
    await stack.up(shop);
    const asked: string[] = [];
    let ended = false;
    const load = async (): Promise<void> => {
      while (!ended) asked.push(await stack.ask("tool", "api"));
    };
    const loads = [load(), load()];
    await stack.up(shop, "2");
    ended = true;
    await Promise.all(loads);
    expect(new Set(asked)).toEqual(new Set(["api 1", "api 2"]));
  });

  it("have the addresses and the names that the file gives them, and a network of others", async () => {
    const foreign = `slipway-foreign-${process.pid}`;
    docker("network", "create", "--internal", foreign);
    onTestFinished(() => {
      docker("rm", "--force", foreign);
      docker("network", "rm", foreign);
    });
    const stack = new ReachStack();
    const fixed = { aliases: ["resolver"], fields: { ipv4_address: "10.88.3.9" } };
    await stack.up({
      networks: { dns: { ranges: [{ subnet: "10.88.3.0/24" }] }, others: { external: true, name: foreign } },
      services: {
        dns: { networks: { dns: fixed } },
        tool: { networks: { dns: nowhere, others: nowhere } },
        api: { release: true, networks: { others: nowhere } },
        web: { release: true, port: 9090, networks: { dns: nowhere } },
      },
    });
    docker(
      "run",
      "--detach",
      "--name",
      foreign,
      "--network",
      foreign,
      docker("inspect", "--format", "{{.Image}}", stack.container("tool")),
      "sleep",
      "600",
    );
    expect(await stack.table("tool", "10.88.3.9", "resolver", "api")).toEqual({
      ...{ "10.88.3.9": "dns 1", resolver: "dns 1", api: "api 1" },
    });
    expect(docker("exec", foreign, "getent", "hosts", "api")).toMatch(/api$/);
    const asks = 'exec 3<>/dev/tcp/api/8080; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; timeout 5 cat <&3';
    expect(docker("exec", foreign, "bash", "-c", asks)).toMatch(/\napi 1$/);
    // The proxy has a name in the network of this one, too, but answers for `api` only where the file has that.
    expect(await stack.ask("dns", "web")).toBe("404 page not found");
    expect(await stack.ask("api-blue", foreign)).toBe("refused");
    // It is only in that network, which has no way out.
    expect(await stack.ask("api-blue", "10.255.255.1")).toBe("no way");
  });

  it.runIf(fullSeries)("in the network of another one are in that one's, and made again with it", async () => {
    const stack = new ReachStack();
    const file = (version: string): ReachFile => ({
      services: {
        vpn: { fields: { labels: { version } } },
        client: {
          networkMode: { kind: "service", service: "vpn" },
          dependsOn: { vpn: { condition: "service_started", required: true } },
          fields: { command: ["sleep", "600"] },
        },
        tool: {},
      },
    });
    await stack.up(file("1"));
    const client = stack.container("client");
    expect(await stack.ask("client", "tool")).toBe("tool 1");
    expect(await stack.ask("client", "127.0.0.1")).toBe("vpn 1");
    await stack.up(file("2"));
    expect(stack.container("client")).not.toBe(client);
    expect(await stack.ask("client", "127.0.0.1")).toBe("vpn 1");
    expect(await stack.differences()).toEqual([]);
  });
});
