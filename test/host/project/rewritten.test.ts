import { describe, expect, it } from "vitest";
import { rewrittenServices } from "../../../host/project/rewritten.ts";

const services = (prometheus: string, grafana: Readonly<Record<string, string>>) => ({
  prometheus: { mounts: { "/etc/prometheus/prometheus.yml": prometheus } },
  grafana: { mounts: grafana },
});
const folders = { "/etc/grafana/dashboards": "1.a", "/etc/grafana/provisioning": "1.a" };

describe("a service that mounts a folder", () => {
  it("is due once one of its files was written again, and no other service is", () => {
    const now = services("1.a", { ...folders, "/etc/grafana/provisioning": "2.b" });
    expect(rewrittenServices(services("1.a", folders), now)).toEqual(["grafana"]);
  });

  it("is not due while nothing was written, at its first start, or for a mount that is new", () => {
    const now = services("1.a", folders);
    expect(rewrittenServices(now, now)).toEqual([]);
    expect(rewrittenServices({}, now)).toEqual([]);
    expect(rewrittenServices(services("1.a", {}), now)).toEqual([]);
  });
});
