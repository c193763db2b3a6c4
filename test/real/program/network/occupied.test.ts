import { describe, expect, it, test } from "vitest";
import { Engine, type NetworkSpec } from "../../../../host/docker/engine.ts";
import { networks } from "../../../../host/verbs/networks.ts";
import { testServer } from "../../../host/verbs/server.ts";
import { chosen, inspect, leaves, networksFrom, subnet } from "./network.ts";

const bodyOf = networksFrom(121);

/** The engine of this machine, on which somebody makes a network right before each of slipway's, as often as named. */
class RacedEngine extends Engine {
  readonly #names: string[];

  constructor(names: readonly string[]) {
    super();
    this.#names = [...names];
  }

  override async createNetwork(spec: NetworkSpec): Promise<void> {
    const name = this.#names.shift();
    if (name !== undefined) await super.createNetwork({ Name: name, Driver: "bridge", IPAM: spec["IPAM"] });
    await super.createNetwork(spec);
  }
}

describe("the networks of a stack whose addresses somebody takes at the same time", () => {
  it("get others, up to three times", async () => {
    const { unique, work } = testServer();
    const foreign = [1, 2, 3, 4].map((number) => `${unique}-foreign${number}`);
    leaves(unique, ...foreign);
    const body = bodyOf({ [unique]: chosen });
    const start = body.range.replace(".0.0/16", "");
    const first = new RacedEngine(foreign.slice(0, 1));
    await networks.apply(body, Object.assign(work("networks"), { engine: first }));
    expect(inspect(unique, subnet)).toBe(`${start}.0.64/26 ${start}.0.65 ${start}.0.96/27`);
    expect(await networks.differences(body, work("networks"))).toEqual([]);
    await networks.remove(body, work("networks"));
    const always = new RacedEngine(foreign.slice(1));
    await expect(networks.apply(body, Object.assign(work("networks"), { engine: always }))).rejects.toThrow(
      `network '${unique}' is not made, since another one has addresses of ${start}.0.192/26 (document 4.2); ` +
        "others make networks at the same time, so wait for their end, and run `pulumi up` again",
    );
    await networks.apply(body, work("networks"));
    expect(inspect(unique, subnet)).toBe(`${start}.1.0/26 ${start}.1.1 ${start}.1.32/27`);
  });

  it("are rejected if their file names them", async () => {
    const { unique, work } = testServer();
    leaves(unique, `${unique}-foreign`);
    const body = bodyOf({ [unique]: { ranges: { "1": { subnet: "10.89.8.0/24" } } } });
    const engine = new RacedEngine([`${unique}-foreign`]);
    await expect(networks.apply(body, Object.assign(work("networks"), { engine }))).rejects.toThrow(
      `network '${unique}' is not made, since another one has addresses of 10.89.8.0/24 (document 4.2); ` +
        "set another subnet for it, or remove the other network if nothing uses it",
    );
  });
});

test("networks of one stack exchange the subnets that their file names", async () => {
  const { unique, work } = testServer();
  const [back, front] = [`${unique}-back`, `${unique}-front`];
  leaves(back, front);
  const of = (one: string, other: string) =>
    bodyOf({ [back]: { ranges: { "1": { subnet: one } } }, [front]: { ranges: { "1": { subnet: other } } } });
  await networks.apply(of("10.89.10.0/24", "10.89.11.0/24"), work("networks"));
  const exchanged = of("10.89.11.0/24", "10.89.10.0/24");
  await networks.apply(exchanged, work("networks"));
  expect([back, front].map((name) => inspect(name, "{{range .IPAM.Config}}{{.Subnet}}{{end}}"))).toEqual([
    ...["10.89.11.0/24", "10.89.10.0/24"],
  ]);
  expect(await networks.differences(exchanged, work("networks"))).toEqual([]);
});
