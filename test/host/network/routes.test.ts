import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { serverRoutes } from "../../../host/network/routes.ts";
import { subnetText } from "../../../model/subnet.ts";

const heading = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";

/** The routes in a table of these lines: the device, the destination and the mask, as the kernel writes them. */
function routesIn(...lines: readonly (readonly [device: string, destination: string, mask: string])[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "slipway-routes-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const rows = lines.map(([device, destination, mask]) =>
    [device, destination, "00000000", "0001", "0", "0", "0", mask, "0", "0", "0"].join("\t"),
  );
  writeFileSync(join(folder, "route"), [heading, ...rows, ""].join("\n"));
  return serverRoutes(join(folder, "route")).map(({ subnet, device }) => `${subnetText(subnet)} ${device}`);
}

test("the routes of a server are read from the kernel's table, where the last byte of an address is the first", () => {
  expect(
    routesIn(["eth0", "0002A8C0", "00FFFFFF"], ["wg0", "0000000A", "000000FF"], ["tun0", "0100000A", "FFFFFFFF"]),
  ).toEqual(["192.168.2.0/24 eth0", "10.0.0.0/8 wg0", "10.0.0.1/32 tun0"]);
});

test("the default route is none of them, since it leads to all that has none", () => {
  expect(routesIn(["eth0", "00000000", "00000000"], ["docker0", "000011AC", "0000FFFF"])).toEqual([
    "172.17.0.0/16 docker0",
  ]);
});

test("the two halves with which a VPN takes the place of the default route are none of them either", () => {
  expect(routesIn(["tun0", "00000000", "00000080"], ["tun0", "00000080", "00000080"])).toEqual([]);
});

test("a server without routes has none", () => {
  expect(routesIn()).toEqual([]);
});
