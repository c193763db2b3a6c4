import { describe, expect, it, onTestFinished } from "vitest";
import { networks } from "../../../host/verbs/networks.ts";
import { testServer } from "../../host/verbs/server.ts";
import { docker } from "./docker.ts";

function leaves(...names: string[]): void {
  onTestFinished(() => {
    for (const name of names) docker("network", "rm", "--force", name);
  });
}

describe("the networks of a stack", () => {
  it("are made once, and removed when the stack no longer names them", async () => {
    const { unique, work } = testServer();
    const [edge, data] = [`${unique}-edge`, `${unique}-data`];
    leaves(edge, data);
    const both = { networks: { [edge]: "bridge", [data]: "bridge" } };
    expect(await networks.differences(both, work("networks"))).toEqual([
      { where: `network ${edge}`, expected: "made for shop/staging", found: "missing" },
      { where: `network ${data}`, expected: "made for shop/staging", found: "missing" },
    ]);
    await networks.apply(both, work("networks"));
    expect(await networks.differences(both, work("networks"))).toEqual([]);
    const id = docker("network", "inspect", "--format", "{{.Id}}", edge);
    await networks.apply({ networks: { [edge]: "bridge" } }, work("networks"));
    expect(docker("network", "inspect", "--format", "{{.Id}}", edge)).toBe(id);
    expect(docker("network", "ls", "--quiet", "--filter", `name=${data}`)).toBe("");
    await networks.remove({ networks: { [edge]: "bridge" } }, work("networks"));
    expect(docker("network", "ls", "--quiet", "--filter", `name=${edge}`)).toBe("");
  });

  it("refuses one of somebody else, and never removes it (A5)", async () => {
    const { unique, work } = testServer();
    leaves(unique);
    docker("network", "create", "--label", "slipway.stack=other/staging", unique);
    const body = { networks: { [unique]: "bridge" } };
    expect(await networks.differences(body, work("networks"))).toMatchObject([{ found: "made by somebody else" }]);
    await expect(networks.apply(body, work("networks"))).rejects.toThrow(
      `a network '${unique}' is there already and is not of shop/staging (document 4.2)`,
    );
    await networks.remove(body, work("networks"));
    expect(docker("network", "inspect", "--format", "{{.Name}}", unique)).toBe(unique);
  });
});
