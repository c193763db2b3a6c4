import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { Claims } from "../../../../host/claims/claims.ts";
import { networks } from "../../../../host/verbs/networks.ts";
import { parseNumber } from "../../../../model/document/number.ts";
import { writeDocument } from "../../../../model/document/writer.ts";
import type { Work } from "../../../../host/work.ts";
import { base } from "../../../hosts/image/images.ts";
import { recipeTag } from "../../../hosts/image/recipe.ts";
import { ensureImages } from "../../../hosts/image/store.ts";
import { testServer } from "../../../host/verbs/server.ts";
import { fullSeries } from "../../series.ts";
import { docker } from "../docker.ts";
import { chosen, inspect, leaves, networksFrom, removeNetwork, subnet } from "./network.ts";

beforeAll(async () => ensureImages([base], () => undefined));

const bodyOf = networksFrom(91);

/** The stack has a compose project of that name. */
function claims(project: string, { state }: Work): void {
  const number = parseNumber("4.1");
  const nothing = { containers: {}, networks: {}, ports: {}, volumes: {} };
  const body = { ...nothing, directory: "/srv/shop", projects: { [project]: "shared" } };
  const text = writeDocument({ kind: "claim", resource: "claim", body }, number);
  state.writeApplied({ object: "claim", resource: "claim", kind: "claim", number, hash: "0".repeat(64), text });
}

function claimsOf({ places }: Work): Claims {
  return new Claims(places);
}

describe("the networks of a stack", () => {
  it("are made once, and removed when the stack no longer names them", async () => {
    const { unique, work } = testServer();
    const [back, front] = [`${unique}-back`, `${unique}-front`];
    leaves(back, front);
    const both = bodyOf({ [back]: chosen, [front]: { ...chosen, internal: "true" } });
    const found = "missing";
    expect(await networks.differences(both, work("networks"))).toEqual([
      { where: `network ${back}`, expected: "made for shop/staging", found },
      { where: `network ${front}`, expected: "made for shop/staging", found },
    ]);
    await networks.apply(both, work("networks"));
    expect(await networks.differences(both, work("networks"))).toEqual([]);
    expect([inspect(back, "{{.Internal}}"), inspect(front, "{{.Internal}}")]).toEqual(["false", "true"]);
    const id = inspect(back, "{{.Id}}");
    const one = { range: both.range, networks: { [back]: { prefix: 26 } } };
    await networks.apply(one, work("networks"));
    expect(inspect(back, "{{.Id}}")).toBe(id);
    expect(docker("network", "ls", "--quiet", "--filter", `name=${front}`)).toBe("");
    await networks.remove(one, work("networks"));
    expect(docker("network", "ls", "--quiet", "--filter", `name=${back}`)).toBe("");
  });

  it("have subnets of the range that nothing here uses, with room for fixed addresses, and keep them", async () => {
    const { unique, work } = testServer();
    const [one, other, foreign] = [`${unique}-one`, `${unique}-other`, `${unique}-foreign`];
    leaves(one, other, foreign);
    const body = bodyOf({ [one]: chosen, [other]: { prefix: "25" } });
    const start = body.range.replace(".0.0/16", "");
    docker("network", "create", "--subnet", `${start}.0.0/26`, foreign);
    const { subnets } = await networks.apply(body, work("networks"));
    expect(inspect(one, subnet)).toBe(`${start}.0.64/26 ${start}.0.65 ${start}.0.96/27`);
    expect(inspect(other, subnet)).toBe(`${start}.0.128/25 ${start}.0.129 ${start}.0.192/26`);
    expect(subnets).toEqual({ [one]: [`${start}.0.64/26`], [other]: [`${start}.0.128/25`] });
    removeNetwork(one);
    removeNetwork(foreign);
    await networks.apply(body, work("networks"));
    expect(inspect(one, subnet)).toBe(`${start}.0.64/26 ${start}.0.65 ${start}.0.96/27`);
  });

  it("are as the file says: addresses, options of the driver, labels", async () => {
    const { unique, work } = testServer();
    leaves(unique);
    const range = { subnet: "10.89.7.0/24", gateway: "10.89.7.254", dynamic: "10.89.7.128/25" };
    const options = { "com.docker.network.driver.mtu": "1400" };
    const ranges = { "1": { ...range, reserved: { router: "10.89.7.1" } } };
    const body = bodyOf({ [unique]: { ranges, options, labels: { team: "a" } } });
    expect(await networks.apply(body, work("networks"))).toEqual({ subnets: { [unique]: ["10.89.7.0/24"] } });
    expect(inspect(unique, subnet)).toBe("10.89.7.0/24 10.89.7.254 10.89.7.128/25");
    expect(inspect(unique, '{{index .Options "com.docker.network.driver.mtu"}} {{.Labels.team}}')).toBe("1400 a");
    expect(await networks.differences(body, work("networks"))).toEqual([]);
  });

  it("are made again where they are not as their document says, also with containers in them", async () => {
    const { unique, work, said } = testServer();
    leaves(unique);
    const before = bodyOf({ [unique]: chosen });
    claims(unique, work("claim"));
    await networks.apply(before, work("networks"));
    const address = inspect(unique, subnet);
    const [api, guest] = [`${unique}-api-1`, `guest-of-${unique}`];
    const label = `com.docker.compose.project=${unique}`;
    docker("run", "--detach", "--name", api, "--label", label, "--network", unique, recipeTag(base), "sleep", "600");
    onTestFinished(() => void docker("rm", "--force", api));
    docker("create", "--name", guest, "--network", unique, recipeTag(base), "true");
    onTestFinished(() => void docker("rm", "--force", guest));
    const closed = { range: before.range, networks: { [unique]: { prefix: 26, internal: "true" as const } } };
    expect(await networks.differences(closed, work("networks"))).toEqual([
      { where: `network ${unique}`, expected: "as its document says", found: "another" },
    ]);
    await expect(networks.apply(closed, work("networks"))).rejects.toThrow(
      `network '${unique}' must be made again, and has containers that are not of this stack, got '${guest}'`,
    );
    docker("rm", guest);
    await networks.apply(closed, work("networks"));
    expect([inspect(unique, "{{.Internal}}"), inspect(unique, subnet)]).toEqual(["true", address]);
    expect(said).toEqual([`networks: makes network '${unique}' again; its containers are disconnected`]);
  });

  it("that the stack no longer names stay as long as a container has them, even a stopped one", async () => {
    const { unique, work } = testServer();
    leaves(unique);
    const before = bodyOf({ [unique]: chosen });
    await networks.apply(before, work("networks"));
    docker("create", "--name", unique, "--network", unique, recipeTag(base), "sleep", "600");
    const nothing = { ...before, networks: {} };
    await networks.apply(nothing, work("networks"));
    expect(inspect(unique, "{{.Name}}")).toBe(unique);
    docker("rm", unique);
    await networks.apply(nothing, work("networks"));
    expect(docker("network", "ls", "--quiet", "--filter", `name=^${unique}$`)).toBe("");
  });

  it("go when no container of others runs in them any more, which is told by the network's name", async () => {
    const { unique, work } = testServer();
    leaves(unique);
    const body = bodyOf({ [unique]: chosen });
    await networks.apply(body, work("networks"));
    docker("run", "--detach", "--name", unique, "--network", unique, recipeTag(base), "sleep", "600");
    onTestFinished(() => void docker("rm", "--force", unique));
    await expect(networks.remove(body, work("networks"))).rejects.toThrow(
      new RegExp(
        `^cannot remove network '${unique}' \\(document 4\\.2\\): .*; disconnect what uses it, then run slipway`,
      ),
    );
    expect(work("networks").state.memory("networks", z.unknown())).toEqual({ [unique]: expect.any(String) as unknown });
    docker("network", "disconnect", "--force", unique, unique);
    await networks.remove(body, work("networks"));
    expect(docker("network", "ls", "--quiet", "--filter", `name=^${unique}$`)).toBe("");
  });

  it("that are not remembered are named and remembered again, and not made again (F95)", async () => {
    const { unique, work } = testServer();
    leaves(unique);
    const body = bodyOf({ [unique]: chosen });
    const { subnets } = await networks.apply(body, work("networks"));
    const id = inspect(unique, "{{.Id}}");
    work("networks").state.forgetMemory("networks");
    expect(await networks.differences(body, work("networks"))).toEqual([
      { where: `memory of network ${unique}`, expected: "kept", found: "missing" },
    ]);
    expect(await networks.apply(body, work("networks"))).toEqual({ subnets });
    expect(inspect(unique, "{{.Id}}")).toBe(id);
    expect(await networks.differences(body, work("networks"))).toEqual([]);
  });

  it("that go give back the subnets that were chosen for them", async () => {
    const { unique, work } = testServer();
    const [back, front] = [`${unique}-back`, `${unique}-front`];
    leaves(back, front);
    const held = (): string[] | undefined => Object.values(claimsOf(work("claim")).of("shop/staging")?.chosen ?? {});
    const nothing = { projects: {}, ports: {}, volumes: {}, networks: {}, containers: {}, subnets: {}, chosen: {} };
    claimsOf(work("claim")).write("shop/staging", { directory: "/srv/shop", real: "/srv/shop", ...nothing });
    const both = bodyOf({ [back]: chosen, [front]: chosen });
    await networks.apply(both, work("networks"));
    expect(held()).toEqual([back, front]);
    const one = { ...both, networks: { [back]: { prefix: 26 } } };
    await networks.apply(one, work("networks"));
    expect(held()).toEqual([back]);
    await networks.remove(one, work("networks"));
    expect(held()).toEqual([]);
  });

  it("that others made must be there, and are left as they are", async () => {
    const { unique, work } = testServer();
    leaves(unique);
    const body = bodyOf({ [unique]: { external: "true" } });
    expect(await networks.differences(body, work("networks"))).toMatchObject([{ found: "missing" }]);
    await expect(networks.apply(body, work("networks"))).rejects.toThrow(
      `the external network '${unique}' is not there (document 4.2); start what makes it`,
    );
    docker("network", "create", unique);
    await networks.apply(body, work("networks"));
    await networks.remove(body, work("networks"));
    expect(inspect(unique, "{{.Name}}")).toBe(unique);
  });

  it("reject one of somebody else, and never remove it (A5)", async () => {
    const { unique, work } = testServer();
    leaves(unique);
    docker("network", "create", "--label", "slipway.stack=other/staging", unique);
    const body = bodyOf({ [unique]: chosen });
    expect(await networks.differences(body, work("networks"))).toMatchObject([{ found: "made by somebody else" }]);
    await expect(networks.apply(body, work("networks"))).rejects.toThrow(
      `a network '${unique}' is there already and is not of shop/staging (document 4.2)`,
    );
    await networks.remove(body, work("networks"));
    expect(inspect(unique, "{{.Name}}")).toBe(unique);
  });

  it("are as many as twenty stacks need, beside those of the engine itself", async () => {
    const all = Array.from({ length: fullSeries ? 20 : 3 }, (_, stack) => {
      const { unique, work } = testServer(`shop/stack${stack}`);
      return { work, names: Array.from({ length: stack === 0 ? 29 : 4 }, (_, index) => `${unique}-${index}`) };
    });
    const { range } = bodyOf({});
    leaves(...all.flatMap(({ names }) => names));
    for (const { work, names } of all) {
      const body = { ...bodyOf(Object.fromEntries(names.map((name) => [name, chosen]))), range };
      await networks.apply(body, work("networks"));
      expect(await networks.differences(body, work("networks"))).toEqual([]);
    }
  });
});
