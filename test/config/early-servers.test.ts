import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEarlyServers } from "../../config/early-servers.ts";
import { connectionOf } from "../../model/connection.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIh8Hi2wGRKnK3bWCRyUVKAJZQeiMZLh5yEFuOHaNRHm";
const host = { address: "${SERVER_HOST}", user: "deploy", hostKey };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-early-servers-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Reads the servers of a stack whose file has this configuration; JSON is YAML. */
function read(config: object, environment: NodeJS.ProcessEnv = { SERVER_HOST: "192.0.2.1" }) {
  writeFileSync(join(folder, "Pulumi.live.yaml"), JSON.stringify({ config }));
  return readEarlyServers({ folder, stack: "live", environment });
}

test("the servers are those that the stack's file names, while other keys are encrypted or wrong", () => {
  const config = { "shop:host": host, "shop:fingerprintKey": { secure: "v1:abc" }, "shop:ports": "no map" };
  const servers = [connectionOf({ ...host, address: "192.0.2.1", port: 22 })];
  expect(read(config)).toEqual({ stack: "shop/live", servers });
});

test("a server that the file leaves open is not connected to early", () => {
  expect(read({ "shop:host": host }, {})).toEqual({ stack: "shop/live", servers: [] });
  expect(read({ "shop:host": { ...host, address: { secure: "v1:abc" } } })).toEqual({
    stack: "shop/live",
    servers: [],
  });
  expect(read({})).toEqual({ stack: "shop/live", servers: [] });
});

test("files that cannot be read are left to the run", () => {
  writeFileSync(join(folder, "Pulumi.live.yaml"), "config: [");
  expect(readEarlyServers({ folder, stack: "live", environment: {} })).toBeUndefined();
  expect(readEarlyServers({ folder, stack: "other", environment: {} })).toBeUndefined();
});
