import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findStackServer, readStackServer } from "../../config/stack-server.ts";
import { connectionOf } from "../../model/connection.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh8Hi2wGRKnK3bWCRyUVKAJZQeiMZLh5yEFuOHaNRHm";
const host = { address: "${SERVER_HOST}", user: "deploy", hostKey };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-stack-server-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Reads the server of a stack whose file has this configuration; JSON is YAML. */
function read(config: object, environment: NodeJS.ProcessEnv = { SERVER_HOST: "192.0.2.1" }) {
  writeFileSync(join(folder, "Pulumi.live.yaml"), JSON.stringify({ config }));
  return readStackServer(folder, "live", environment);
}

describe("the server of a stack", () => {
  it("is read from the stack's file alone, whatever else is wrong in the project", () => {
    const config = { "shop:host": host, "shop:fingerprintKey": { secure: "v1:abc" }, "shop:ports": "no map" };
    const connection = connectionOf({ ...host, address: "192.0.2.1", port: 22 });
    expect(read(config)).toEqual({ stack: "shop/live", path: "host", connection, lease: 300 });
    const named = read({ "shop:hosts": { web1: host }, "shop:lease": "20 seconds" });
    expect(named).toEqual({ stack: "shop/live", path: "hosts.web1", connection, lease: 20 });
  });

  it("is none where no file names one", () => {
    expect(findStackServer(folder, "live", {})).toBeUndefined();
    writeFileSync(join(folder, "Pulumi.live.yaml"), "encryptionsalt: v1:abc\n");
    expect(findStackServer(folder, "live", {})).toBeUndefined();
    expect(read({ "shop:host": host })).toEqual(findStackServer(folder, "live", { SERVER_HOST: "192.0.2.1" }));
  });

  it("is refused with every problem of its keys, and with none of other keys", () => {
    const wrong = { "shop:host": { user: "", address: "${NO_SUCH_VARIABLE}", hostKey }, "shop:ports": "no map" };
    expect(() => read(wrong)).toThrow("host.address: needs the variable NO_SUCH_VARIABLE");
    expect(() => read(wrong)).toThrow("host.user: is not a Linux user name");
    expect(() => read(wrong)).not.toThrow(/ports/);
    expect(() => read({})).toThrow("host: is missing");
    expect(() => read({ "shop:hosts": { ["__proto__"]: host } })).toThrow(
      "hosts.__proto__: is a name that every object of JavaScript has, got '__proto__'; choose another one",
    );
    expect(() => read({ "shop:host": host, "shop:hosts": { web1: host } })).toThrow("hosts: is set as well as host");
  });
});
