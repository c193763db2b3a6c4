import { describe, expect, it } from "vitest";
import {
  connectionInput,
  connectionOf,
  connectionText,
  dockerEndpoint,
  sshConnection,
  sshOptions,
} from "../../model/connection.ts";

const server = { address: "192.0.2.10", port: 2222, user: "deploy", hostKey: "ssh-ed25519 AAAA" };
const connection = sshConnection(server);

describe("the connection of a host", () => {
  it("is the same on every machine that runs slipway", () => {
    expect(connectionOf(server)).toEqual(connection);
    expect(connectionInput(connection)).toEqual({
      ...{ host: "192.0.2.10", port: 2222, user: "deploy", hostKey: "ssh-ed25519 AAAA" },
      ...{ dialErrorLimit: 3, perDialTimeout: 10 },
    });
  });

  it("pins the host key and ignores the user's own ssh configuration", () => {
    expect(sshOptions(connection).join(" ")).toBe(
      "-F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=none -o GlobalKnownHostsFile=none " +
        "-o KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAA -o ConnectTimeout=10 -o ServerAliveInterval=5 " +
        "-o ServerAliveCountMax=3 -o LogLevel=ERROR",
    );
  });

  it("gives the docker provider the same ssh options", () => {
    const engine = { host: "ssh://deploy@192.0.2.10:2222", sshOpts: sshOptions(connection) };
    expect(dockerEndpoint(connection)).toEqual(engine);
  });
});

describe("a server on which slipway itself runs (E14)", () => {
  const here = connectionOf({ ...server, connection: "local" });

  it("is not connected to", () => {
    expect(here).toEqual({ via: "local", host: "192.0.2.10", user: "deploy", hostKey: "ssh-ed25519 AAAA" });
    expect([connectionText(here), connectionText(connection)]).toEqual([
      "deploy on this machine",
      "deploy@192.0.2.10:2222",
    ]);
  });

  it("has the engine of its socket", () => {
    expect(dockerEndpoint(here)).toEqual({ host: "unix:///var/run/docker.sock" });
  });
});
