import { describe, expect, it } from "vitest";
import { factsOf } from "../../../host/project/container-facts.ts";
import { appContainer } from "./containers.ts";

describe("the facts of a container", () => {
  it("hold no value that a compose file may have from the env file (F111)", () => {
    const facts = factsOf(
      appContainer(({ Config: config, HostConfig: host }) => {
        config.Cmd = ["serve", "canary-one"];
        config.Entrypoint = ["canary-one"];
        config.Healthcheck = { Test: ["CMD", "canary-one"] };
        config.Labels = { "traefik.auth": "canary-one" };
        host.LogConfig = { Config: { tag: "canary-one" } };
      }),
    );
    expect(JSON.stringify(facts)).not.toContain("canary");
    for (const field of ["command", "entry point", "health check", "log", "label traefik.auth", "variable TOKEN"]) {
      expect(facts[field]).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(facts["user"]).toBe("1000");
  });

  it("stay the same where the engine tells a list or a map in another order, or Compose replaces it", () => {
    const before = factsOf(
      appContainer(({ Config: config, HostConfig: host }) => {
        host.LogConfig = { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } };
        config.Env = ["A=1", "B=2"];
      }),
    );
    const after = factsOf(
      appContainer(({ Config: config, HostConfig: host }) => {
        host.LogConfig = { Config: { "max-file": "3", "max-size": "10m" }, Type: "json-file" };
        config.Env = ["B=2", "A=1"];
        config.Labels = { ...config.Labels, "com.docker.compose.replace": "old" };
      }),
    );
    expect(after).toEqual(before);
  });

  it("name ports, mounts and networks, and not the id that the engine gives as an alias", () => {
    const facts = factsOf(
      appContainer(({ HostConfig: host, Mounts: mounts, NetworkSettings: settings }) => {
        host.PortBindings = { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }] };
        mounts.push({ Type: "bind", Source: "/srv/conf", Destination: "/etc/conf", RW: false });
        mounts.push({ Type: "volume", Name: "d".repeat(64), Source: "/x", Destination: "/data", RW: true });
        mounts.push({ Type: "volume", Name: "app_data", Source: "/x", Destination: "/more", RW: true });
        settings.Networks = {
          app_data: { NetworkID: "n1", IPAddress: "", Aliases: ["api", "abababababab", "app-api-1", "api"] },
        };
      }),
    );
    expect(facts).toMatchObject({
      "port 80/tcp": "127.0.0.1:8080",
      "mount /etc/conf": "bind /srv/conf ro",
      "mount /data": "volume without a name rw",
      "mount /more": "volume app_data rw",
      "network app_data": "api app-api-1",
    });
  });

  it("are each one field, whatever a label or a variable has in its name and value (SEC-A1, SEC-C4, F133)", () => {
    const label = "x\n\x1fapp-other-1\x1fuser\x1froot";
    const facts = factsOf(
      appContainer(({ Config: config }) => {
        config.Labels = { [label]: "$(id)\n", __proto__x: "1" };
        config.Env = ["NO_VALUE", "A=b=c\nuser=root"];
      }),
    );
    expect(Object.keys(facts).filter((field) => /^(label|variable) /.test(field))).toEqual([
      "variable NO_VALUE",
      "variable A",
      `label ${label}`,
      "label __proto__x",
    ]);
    expect(facts["user"]).toBe("1000");
  });
});
