import { describe, expect, it } from "vitest";
import { containerName, containerNameField, replicaNames } from "../../model/container-name.ts";

describe("the name of a container (E21)", () => {
  it.each([
    ["postgres", "mvp-postgres"],
    ["backend-blue", "mvp-backend-blue"],
    ["mvp-backend-blue", "mvp-backend-blue"],
    ["mvp", "mvp-mvp"],
    ["mvpbackend", "mvp-mvpbackend"],
  ])("of %s has its project once", (service, name) => {
    expect(containerName("mvp", service)).toBe(name);
  });

  it("has a number if there are several, which Compose itself would not allow", () => {
    expect(replicaNames("mvp-worker", 3)).toEqual(["mvp-worker-1", "mvp-worker-2", "mvp-worker-3"]);
    expect(replicaNames("mvp-worker", 1)).toEqual(["mvp-worker"]);
    expect(containerNameField("mvp-worker", 3)).toEqual({ "x-slipway-name": "mvp-worker" });
    expect([0, 1].map((replicas) => containerNameField("mvp-worker", replicas))).toEqual([
      { container_name: "mvp-worker" },
      { container_name: "mvp-worker" },
    ]);
  });
});
