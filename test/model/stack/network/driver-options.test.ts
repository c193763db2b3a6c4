import { describe, expect, it } from "vitest";
import { ensureBridgesAreFree } from "../../../../model/facts/network/bridges.ts";
import { claimOf, hostNeeds } from "../../../../model/plan/claim.ts";
import { stackProblems } from "../../../../model/plan/rules.ts";
import { describeProblem } from "../../../../model/problem.ts";
import type { Deployment } from "../../../../model/stack/deployment.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import { observed } from "../../facts/observed.ts";
import { broken, one } from "../../policy/broken.ts";
import { mainOf } from "../main-host.ts";

const bridge = "com.docker.network.bridge.name";

/** A service in a network with options. */
function made(options: Readonly<Record<string, string>>): Deployment {
  const asked = one({ networks: { back: { aliases: [], fields: {} } } });
  return { ...asked, application: { ...asked.application, networks: { back: { options } } } };
}

function problems(options: Readonly<Record<string, string>>): string[] {
  return stackProblems(stackOf(made(options)))
    .filter(({ path }) => path.startsWith("compose.networks"))
    .map(describeProblem);
}

describe("a network that names its bridge (SEC-D2)", () => {
  it.each([
    ["docker0", "that is the engine's own"],
    ["br-0123456789ab", "as the engine names those of others"],
    ["../../etc", "that Linux does not take"],
  ])("is refused where the name is %s", (name, fault) => {
    expect(problems({ [bridge]: name })).toEqual([
      `compose.networks.back: names a bridge ${fault} in driver_opts, got '${name}'; ` +
        `remove ${bridge}, or give it another name`,
    ]);
  });

  it("is refused where the server has it already, unless it is the network's own", () => {
    expect(problems({ [bridge]: "shop0" })).toEqual([]);
    const stack = stackOf(made({ [bridge]: "shop0" }));
    const { bridges } = hostNeeds(stack, mainOf(stack.hosts));
    const network = { name: "shop_back", stack: stack.name, subnets: [], project: "", guests: [] };
    const found = (of: string, networks = [network]): string[] =>
      ensureBridgesAreFree(stack.name, bridges, observed({ networks, bridges: [{ name: "shop0", network: of }] })).map(
        describeProblem,
      );
    const todo = "remove that option, or give the bridge another name";
    expect(found("shop_back")).toEqual([]);
    expect(found("")).toEqual([
      `compose.networks.back: names a bridge in driver_opts that the server has already, got 'shop0'; ${todo}`,
    ]);
    expect(found("other_back")[0]).toContain("that the server has already of the network 'other_back', got 'shop0'");
    expect(found("shop_back", [{ ...network, stack: "shop/other" }])).toHaveLength(1);
    expect(claimOf(stack, mainOf(stack.hosts)).networks).toEqual({ shop_back: "back" });
  });
});

describe("the options of a network's driver (SEC-D2)", () => {
  it.each([
    "com.docker.network.bridge.gateway_mode_ipv4",
    "com.docker.network.bridge.host_binding_ipv4",
    "com.docker.network.bridge.trusted_host_interfaces",
    "com.example.of.tomorrow",
  ])("are a breach of the rule `ports` where they may open it, such as %s", (option) => {
    expect(broken(made({ [option]: "routed" }))).toEqual([
      `ports api: is in the network 'back', whose driver_opts may open it to others, got ${option} 'routed'`,
    ]);
  });

  it("are a line of the plan, and no breach where they only shape the network", () => {
    const asked = made({ "com.docker.network.driver.mtu": "1400", "com.docker.network.bridge.enable_icc": "false" });
    expect(broken(asked)).toEqual([]);
    expect(stackOf(asked).notes).toEqual(
      expect.arrayContaining(["networks.back: is made with driver_opts com.docker.network.driver.mtu '1400'"]),
    );
  });
});
