import { expect, test } from "vitest";
import { driftLines, driftReport, hasDrift, hostDrift, readDriftReport } from "../../../model/report/drift.ts";
import { aaperture } from "../stack/aaperture.ts";
import { carriedOut, drifted } from "../plan/applied-plan.ts";
import { observed } from "../facts/observed.ts";
import { textOf } from "../../../model/report/tone.ts";

const linesOf = (...report: Parameters<typeof driftLines>): string[] => driftLines(...report).map(textOf);

const found = carriedOut(aaperture());
const remarks = [{ where: "/srv/extra", found: "a file that slipway did not write" }];

test("a server as applied has no drift, whatever is beside the stack", () => {
  const report = driftReport("shop/staging", { main: hostDrift("server.test", { ...found, remarks }) });
  expect(readDriftReport(JSON.stringify(report))).toEqual(report);
  expect(linesOf(report)).toEqual([
    "shop/staging on main, server.test: everything is as it was applied",
    "  beside the stack, and left alone: /srv/extra: a file that slipway did not write",
  ]);
});

test("each difference is reported with the expected and the found value (F96)", () => {
  const hurt = drifted(drifted(found, "networks", [["network shop_data", "made", "missing"]]), "shared", [
    ["shop-api", "running", "exited (1)"],
  ]);
  expect(linesOf(driftReport("shop/staging", { main: hostDrift("server.test", hurt) }))).toEqual([
    "shop/staging on main, server.test: 2 things are not as applied; `slipway up` repairs what it made",
    "  networks: network shop_data: expected made, found missing",
    "  shared: shop-api: expected running, found exited (1)",
  ]);
});

test("a server with an ill service is reported, though everything is as it was applied (SEC-A5, F136)", () => {
  const containers = found.containers.map((one) =>
    one.service === "postgres" ? { ...one, health: "unhealthy" } : one,
  );
  const report = driftReport("shop/staging", { main: hostDrift("server.test", { ...found, containers, remarks }) });
  expect(readDriftReport(JSON.stringify(report))).toEqual(report);
  expect(hasDrift(report)).toBe(true);
  expect(hasDrift(driftReport("shop/staging", { main: hostDrift("server.test", { ...found, remarks }) }))).toBe(false);
  expect(linesOf(report)).toEqual([
    "shop/staging on main, server.test: everything is as it was applied",
    "  unhealthy: postgres is unhealthy in aaperture-staging",
    "  beside the stack, and left alone: /srv/extra: a file that slipway did not write",
  ]);
});

test("a server that remembers no document has drifted (F12)", () => {
  expect(linesOf(driftReport("shop/staging", { main: hostDrift("server.test", observed()) }))).toEqual([
    "shop/staging on main, server.test: 1 thing is not as applied; `slipway up` repairs what it made",
    "  stack: what was applied: expected remembered on this server, found nothing",
  ]);
});
